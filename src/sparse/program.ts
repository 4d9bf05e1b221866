/** A network's steps as the native plan takes them: plain numbers. */
import type { ConvolutionStep, Model, NetworkGraph } from "../models/index.ts";
import type { Module } from "../nn/index.ts";

const residualKinds = { identity: 1, projection: 2, "zero-padded": 3 } as const;

export interface Program {
  /** Channels, height and width of the images, then eight numbers a step: native/ops/sparse/program.h says which. */
  readonly numbers: readonly number[];
  /** Of the batch normalisations, in the order of the convolutions. */
  readonly eps: readonly number[];
}

/** The convolutions of a network, in the order of its steps. */
export function convolutionsOf(graph: NetworkGraph): ConvolutionStep[] {
  return graph.steps.filter((step) => step.kind === "convolution");
}

/** Parameter names of the weights of `convolutionsOf(graph)`. */
export function weightNames(model: Model, graph: NetworkGraph): string[] {
  const paths = new Map<Module, string>([...model.namedModules()].map(([path, module]) => [module, path]));
  return convolutionsOf(graph).map(({ convolution }) => `${paths.get(convolution)}.weight`);
}

/**
 * Why the plan cannot run this network, or null when it can: square odd kernels, padded by half, stride 1 or 2, without groups,
 * dilation or bias, square pooling, one momentum for all batch normalisations.
 */
export function unsupported(graph: NetworkGraph): string | null {
  for (const { convolution, projection, shortcut } of convolutionsOf(graph)) {
    const [, , height = 0, width = 0] = convolution.weight.shape;
    const [stride, padding] = [convolution.stride, convolution.padding];
    const plain = convolution.groups === 1 && convolution.dilation.every((d) => d === 1) && convolution.bias === null;
    const square = height === width && height % 2 === 1 && padding.every((p) => p === (height - 1) / 2);
    const strided = stride[0] === stride[1] && stride[0] <= 2;
    if (!plain || !square || !strided || (projection === true && shortcut !== undefined)) {
      return `a convolution of ${height}x${width} with stride ${stride.join("x")} and padding ${padding.join("x")}`;
    }
  }
  if (new Set(convolutionsOf(graph).map(({ norm }) => norm.momentum)).size > 1) {
    return "batch normalisations of different momentum";
  }
  for (const step of graph.steps) {
    if (step.kind !== "max-pool") continue;
    const { kernelSize, stride, padding } = step.pool;
    if ([kernelSize, stride, padding].some(([height, width]) => height !== width)) return "pooling that is not square";
  }
  return null;
}

/** @param images [channels, height, width] */
export function programOf(graph: NetworkGraph, images: readonly [number, number, number]): Program {
  const numbers: number[] = [...images];
  for (const step of graph.steps) {
    if (step.kind === "max-pool") {
      const { kernelSize, stride, padding } = step.pool;
      numbers.push(1, step.input, kernelSize[0], stride[0], padding[0], 0, 0, 0);
      continue;
    }
    const { convolution, shortcut } = step;
    const residual = shortcut === undefined ? [0, 0] : [residualKinds[shortcut.kind], shortcut.tensor];
    const deferred = step.projection === true ? 1 : 0;
    const kernel = convolution.weight.shape[2] ?? 0;
    numbers.push(0, step.input, convolution.outChannels, kernel, convolution.stride[0], ...residual, deferred);
  }
  return { numbers, eps: convolutionsOf(graph).map(({ norm }) => norm.eps) };
}
