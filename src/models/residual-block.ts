/**
 * Residual blocks, y = relu(f(x) + shortcut(x)), with torchvision's parameter names.
 *
 * Source: He et al. 2016, arXiv:1512.03385, figure 5; the bottleneck strides in its 3x3 convolution, as torchvision's does.
 */
import { BatchNorm2d, Conv2d, kaimingNormal, Module, Sequential } from "../nn/index.ts";
import type { Describable, GraphBuilder, Shortcut } from "./graph.ts";
import { scope } from "../torch/index.ts";
import type { Generator, Tensor } from "../torch/index.ts";
import type { Initializer } from "../nn/index.ts";

export interface ResidualBlockOptions {
  readonly inChannels: number;
  /** Channels of the inner convolutions; the output has `expansion` times as many. */
  readonly channels: number;
  readonly stride: number;
  /** Of the convolutions; default `fanOutNormal`. */
  readonly initialize?: Initializer;
}

/** For ReLU networks, keeping the variance of gradients: N(0, 2 / (out · kH · kW)), torchvision's choice. */
export const fanOutNormal: Initializer = (weight, generator) => kaimingNormal(weight, generator, { mode: "fan-out" });

interface ConvolutionOptions {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: number;
  readonly stride: number;
  readonly initialize: Initializer;
}

/** A convolution that keeps the size up to the stride, without bias: the batch normalisation after it has one. */
export function convolution(options: ConvolutionOptions, generator: Generator): Conv2d {
  return new Conv2d({ ...options, padding: (options.kernelSize - 1) / 2, bias: false }, generator);
}

/** Normalisation of a convolution's output, which is freed at once unless autograd needs it. */
export function convolveAndNormalize(convolution: Conv2d, norm: BatchNorm2d, input: Tensor): Tensor {
  return scope(() => norm.call(convolution.call(input)));
}

export type ResidualBlock = Module & Describable;

/** What a block adds to its result. */
export interface ShortcutModule extends Module {
  describe(graph: GraphBuilder, input: number): Shortcut;
}

/** Two 3x3 convolutions. @param shortcut applied to the input before it is added; undefined adds it as it is */
export class BasicBlock extends Module implements Describable {
  readonly #conv1: Conv2d;
  readonly #bn1: BatchNorm2d;
  readonly #conv2: Conv2d;
  readonly #bn2: BatchNorm2d;
  readonly #shortcut: ShortcutModule | undefined;

  constructor(options: ResidualBlockOptions, generator: Generator, shortcut?: ShortcutModule) {
    super();
    const { inChannels, channels, stride, initialize = fanOutNormal } = options;
    const first = { inChannels, outChannels: channels, kernelSize: 3, stride, initialize };
    const second = { ...first, inChannels: channels, stride: 1 };
    this.#conv1 = this.registerModule("conv1", convolution(first, generator));
    this.#bn1 = this.registerModule("bn1", new BatchNorm2d(channels));
    this.#conv2 = this.registerModule("conv2", convolution(second, generator));
    this.#bn2 = this.registerModule("bn2", new BatchNorm2d(channels));
    this.#shortcut = shortcut && this.registerModule("downsample", shortcut);
  }

  override forward(input_NCHW: Tensor): Tensor {
    // In place where the overwritten value is a batch normalisation's output, which no backward pass reads.
    const hidden_NCHW = convolveAndNormalize(this.#conv1, this.#bn1, input_NCHW).relu_();
    const residual_NCHW = convolveAndNormalize(this.#conv2, this.#bn2, hidden_NCHW);
    return residual_NCHW.add_(this.#shortcut?.call(input_NCHW) ?? input_NCHW).relu_();
  }

  // The shortcut comes after the first convolution: backward, the two then add to the gradient of their input one after another.
  describe(graph: GraphBuilder, input: number): number {
    const hidden = graph.convolution(input, this.#conv1, this.#bn1);
    const shortcut = this.#shortcut?.describe(graph, input) ?? { kind: "identity", tensor: input };
    return graph.convolution(hidden, this.#conv2, this.#bn2, shortcut);
  }
}

/** 1x1, 3x3 and 1x1 convolutions; four times `channels` come out. */
export class Bottleneck extends Module implements Describable {
  readonly #conv1: Conv2d;
  readonly #bn1: BatchNorm2d;
  readonly #conv2: Conv2d;
  readonly #bn2: BatchNorm2d;
  readonly #conv3: Conv2d;
  readonly #bn3: BatchNorm2d;
  readonly #shortcut: ShortcutModule | undefined;

  constructor(options: ResidualBlockOptions, generator: Generator, shortcut?: ShortcutModule) {
    super();
    const { inChannels, channels, stride, initialize = fanOutNormal } = options;
    const one = { inChannels, outChannels: channels, kernelSize: 1, stride: 1, initialize };
    const two = { ...one, inChannels: channels, kernelSize: 3, stride };
    const three = { ...one, inChannels: channels, outChannels: 4 * channels };
    this.#conv1 = this.registerModule("conv1", convolution(one, generator));
    this.#bn1 = this.registerModule("bn1", new BatchNorm2d(channels));
    this.#conv2 = this.registerModule("conv2", convolution(two, generator));
    this.#bn2 = this.registerModule("bn2", new BatchNorm2d(channels));
    this.#conv3 = this.registerModule("conv3", convolution(three, generator));
    this.#bn3 = this.registerModule("bn3", new BatchNorm2d(4 * channels));
    this.#shortcut = shortcut && this.registerModule("downsample", shortcut);
  }

  override forward(input_NCHW: Tensor): Tensor {
    const narrow_NCHW = convolveAndNormalize(this.#conv1, this.#bn1, input_NCHW).relu_();
    const middle_NCHW = convolveAndNormalize(this.#conv2, this.#bn2, narrow_NCHW).relu_();
    const residual_NCHW = convolveAndNormalize(this.#conv3, this.#bn3, middle_NCHW);
    return residual_NCHW.add_(this.#shortcut?.call(input_NCHW) ?? input_NCHW).relu_();
  }

  describe(graph: GraphBuilder, input: number): number {
    const narrow = graph.convolution(input, this.#conv1, this.#bn1);
    const shortcut = this.#shortcut?.describe(graph, input) ?? { kind: "identity", tensor: input };
    const middle = graph.convolution(narrow, this.#conv2, this.#bn2);
    return graph.convolution(middle, this.#conv3, this.#bn3, shortcut);
  }
}

/** Shortcut of option B: a strided 1x1 convolution and its normalisation. */
export class Projection extends Sequential implements ShortcutModule {
  readonly #convolution: Conv2d;
  readonly #norm: BatchNorm2d;

  constructor(inChannels: number, outChannels: number, stride: number, generator: Generator) {
    const options = { inChannels, outChannels, kernelSize: 1, stride, initialize: fanOutNormal };
    const [conv, norm] = [convolution(options, generator), new BatchNorm2d(outChannels)];
    super(conv, norm);
    this.#convolution = conv;
    this.#norm = norm;
  }

  describe(graph: GraphBuilder, input: number): Shortcut {
    const [convolution, norm] = [this.#convolution, this.#norm];
    return {
      kind: "projection",
      tensor: graph.add({ kind: "convolution", input, convolution, norm, projection: true }),
    };
  }
}
