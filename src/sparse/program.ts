/** A network's steps as the native plan takes them: integers by name. */
import type { ConvolutionStep, Model, NetworkGraph, PoolStep } from "../models/index.ts";
import type { Module } from "../nn/index.ts";

/**
 * The fields of a step. native/ops/sparse/program.h describes them, and the plan refuses a step in which one of them is missing, or
 * which has another.
 */
export type ProgramStep = ConvolutionFields | MaxPoolFields;

type ConvolutionFields = {
  readonly input: number;
  readonly out_channels: number;
  readonly kernel_size: number;
  readonly stride: number;
  readonly projection: 0 | 1;
  // at most one of these
  readonly add_identity?: number;
  readonly add_projection?: number;
  readonly add_zero_padded?: number;
};

type MaxPoolFields = {
  readonly input: number;
  readonly kernel_size: number;
  readonly stride: number;
  readonly padding: number;
};

const shortcutFields = {
  identity: "add_identity",
  projection: "add_projection",
  "zero-padded": "add_zero_padded",
} as const;

export interface Program {
  /** Channels, height and width. */
  readonly images: readonly [number, number, number];
  readonly steps: readonly ProgramStep[];
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

function programStep(step: ConvolutionStep | PoolStep): ProgramStep {
  if (step.kind === "max-pool") {
    const { kernelSize, stride, padding } = step.pool;
    return { input: step.input, kernel_size: kernelSize[0], stride: stride[0], padding: padding[0] };
  }
  const { convolution, shortcut } = step;
  return {
    input: step.input,
    out_channels: convolution.outChannels,
    kernel_size: convolution.weight.shape[2] ?? 0,
    stride: convolution.stride[0],
    projection: step.projection === true ? 1 : 0,
    ...(shortcut === undefined ? {} : { [shortcutFields[shortcut.kind]]: shortcut.tensor }),
  };
}

/** @param images [channels, height, width] */
export function programOf(graph: NetworkGraph, images: readonly [number, number, number]): Program {
  return { images, steps: graph.steps.map(programStep), eps: convolutionsOf(graph).map(({ norm }) => norm.eps) };
}
