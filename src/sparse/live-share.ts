/** How much of a network's convolution arithmetic its live weights are. */
import type { Model, NetworkGraph } from "../models/index.ts";
import type { Mask } from "../prune/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { convolutionsOf, weightNames } from "./program.ts";

/** Pixels of the output map of each convolution, in the order of the steps. @param imageSize height and width of the images */
export function outputPixels(graph: NetworkGraph, imageSize: number): number[] {
  const sizes = [imageSize];
  const pixels: number[] = [];
  for (const step of graph.steps) {
    const size = sizes[step.input] ?? 0;
    const [kernel, stride, padding] =
      step.kind === "max-pool"
        ? [step.pool.kernelSize[0], step.pool.stride[0], step.pool.padding[0]]
        : [step.convolution.weight.shape[2] ?? 1, step.convolution.stride[0], step.convolution.padding[0]];
    const out = Math.floor((size + 2 * padding - kernel) / stride) + 1;
    sizes.push(out);
    if (step.kind === "convolution") pixels.push(out * out);
  }
  return pixels;
}

/** The same by parameter name of the weights, with 1 for the classifier, which is used once an image. @throws CoppiceError E_CONFIG for a model that does not describe its steps */
export function outputPixelsByName(model: Model): Map<string, number> {
  const graph = model.graph();
  if (graph === null) {
    throw new CoppiceError(
      "E_CONFIG",
      `${model.spec.arch}: expected a model that describes its steps, got one without`,
    );
  }
  const pixels = outputPixels(graph, model.spec.imageSize);
  const fc = [...model.namedModules()].find(([, module]) => module === graph.fc);
  return new Map([
    ...weightNames(model, graph).map((name, i) => [name, pixels[i] ?? 0] as const),
    [`${fc?.[0]}.weight`, 1],
  ]);
}

/**
 * Multiplications with live weights among all, 0 to 1, borders counted as if inside.
 * @param live live weights of each convolution, in the order of the steps
 * @param imageSize height and width of the images
 */
export function liveShare(graph: NetworkGraph, live: readonly number[], imageSize: number): number {
  const pixels = outputPixels(graph, imageSize);
  let [living, all] = [0, 0];
  convolutionsOf(graph).forEach(({ convolution }, i) => {
    living += (pixels[i] ?? 0) * (live[i] ?? 0);
    all += (pixels[i] ?? 0) * convolution.weight.numel;
  });
  return living / all;
}

/** Multiplications with live weights among those of all convolutions, 0 to 1; 1 for a model that does not describe its steps. */
export function liveShareOf(model: Model, mask: Mask): number {
  const graph = model.graph();
  if (graph === null) return 1;
  const live = new Map(mask.layers.map(({ name, nonzero }) => [name, nonzero]));
  const names = weightNames(model, graph);
  const counts = convolutionsOf(graph).map(
    ({ convolution }, i) => live.get(names[i] ?? "") ?? convolution.weight.numel,
  );
  return liveShare(graph, counts, model.spec.imageSize);
}
