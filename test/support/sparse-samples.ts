/** Pruned networks and batches for tests of the sparse engine, and how far two tensors are apart. */
import { createModel, type Model } from "../../src/models/index.ts";
import { Mask, prunableWeights } from "../../src/prune/index.ts";
import { liveIndices } from "../../src/sparse/live-weights.ts";
import { convolutionsOf, weightNames } from "../../src/sparse/program.ts";
import { Generator, rand, randint, scope, type Tensor } from "../../src/torch/index.ts";
import { invariant } from "../../src/util/errors.ts";

export const normalize = { mean: [0.49, 0.48, 0.45], std: [0.25, 0.24, 0.26] };
/** The same network each time, in float64, for five classes. */
export const build = (arch: string, stem: "cifar" | "imagenet" = "cifar"): Model =>
  createModel({ arch, numClasses: 5, stem, normalize }, Generator.seeded(1)).to("float64");

/** Half of the layers at 5 %, the others at `denser`, one layer not pruned at all. */
export function maskOf(model: Model, denser = 0.6): Mask {
  const generator = Generator.seeded(2);
  const weights = [...prunableWeights(model)].slice(1);
  return Mask.of(
    new Map(weights.map(([name, w], i) => [name, rand(w.shape, { generator }).lt(i % 2 === 0 ? 0.05 : denser)])),
  );
}

/** Flat positions of the live weights of each convolution, by parameter name. */
export function liveIndicesOf(model: Model, mask: Mask): Map<string, Tensor> {
  const graph = model.graph();
  invariant(graph, "a graph");
  const kept = mask.toState();
  const names = weightNames(model, graph);
  return new Map(
    convolutionsOf(graph).map(({ convolution }, i) => [
      names[i] ?? "",
      liveIndices(convolution.weight.shape, kept.get(`${names[i]}_mask`) ?? null),
    ]),
  );
}

export const imagesOf = (count: number, size: number, seed = 3): Tensor =>
  rand([count, 3, size, size], { generator: Generator.seeded(seed), dtype: "float64" });
export const labelsOf = (count: number): Tensor =>
  randint(0, 5, [count], { generator: Generator.seeded(4), dtype: "int64" });

/** ‖a - b‖ / ‖b‖ */
export const distance = (a: Tensor, b: Tensor): number =>
  scope(() => {
    const [x, y] = [a, b].map((t) => t.detach().to("float64")) as [Tensor, Tensor];
    return x.sub(y).norm().item() / Math.max(y.norm().item(), 1e-12);
  });
