/** 2-D convolution. */
import { conv2d, empty } from "../torch/index.ts";
import type { Generator, Tensor } from "../torch/index.ts";
import { expectInteger } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { defaultBias, defaultWeight, fans } from "./init.ts";
import type { Initializer } from "./init.ts";
import { Module } from "./module.ts";
import { toPair } from "./pair.ts";
import type { Pair } from "./pair.ts";

export interface Conv2dOptions {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: Pair;
  /** Default 1. */
  readonly stride?: Pair;
  /** Zeros added at each side; default 0. */
  readonly padding?: Pair;
  /** Default 1. */
  readonly dilation?: Pair;
  /** Must divide both channel counts; default 1. */
  readonly groups?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** Fills the weight; PyTorch's default rule when left out. The bias always follows PyTorch's rule. */
  readonly initialize?: Initializer;
}

/**
 * `[N, inChannels, H, W]` to `[N, outChannels, H', W']`, as torch.nn.Conv2d with zero padding.
 * Parameters `weight` [outChannels, inChannels / groups, kH, kW] and, unless `bias` is false, `bias` [outChannels].
 */
export class Conv2d extends Module {
  readonly outChannels: number;
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly groups: number;
  readonly #hasBias: boolean;

  constructor(options: Conv2dOptions, generator: Generator) {
    super();
    const { inChannels, outChannels, groups = 1, bias = true, initialize = defaultWeight } = options;
    checkChannels(inChannels, outChannels, groups);
    const kernel = toPair("Conv2d.kernelSize", options.kernelSize, 1);
    this.outChannels = outChannels;
    this.stride = toPair("Conv2d.stride", options.stride ?? 1, 1);
    this.padding = toPair("Conv2d.padding", options.padding ?? 0, 0);
    this.dilation = toPair("Conv2d.dilation", options.dilation ?? 1, 1);
    this.groups = groups;
    this.#hasBias = bias;

    const weight_OIHW = empty([outChannels, inChannels / groups, ...kernel]);
    initialize(weight_OIHW, generator);
    this.registerParameter("weight", weight_OIHW);
    if (bias) {
      const bias_O = empty([outChannels]);
      defaultBias(bias_O, fans(weight_OIHW.shape).fanIn, generator);
      this.registerParameter("bias", bias_O);
    }
  }

  get weight(): Tensor {
    return this.parameter("weight");
  }

  get bias(): Tensor | null {
    return this.#hasBias ? this.parameter("bias") : null;
  }

  override forward(input_NCHW: Tensor): Tensor {
    return conv2d(input_NCHW, this.weight, this.bias, this.stride, this.padding, this.dilation, this.groups);
  }
}

function checkChannels(inChannels: number, outChannels: number, groups: number): void {
  expectInteger("Conv2d.inChannels", inChannels, { min: 1 });
  expectInteger("Conv2d.outChannels", outChannels, { min: 1 });
  expectInteger("Conv2d.groups", groups, { min: 1 });
  if (inChannels % groups !== 0 || outChannels % groups !== 0) {
    const expected = `a divisor of inChannels (${inChannels}) and outChannels (${outChannels})`;
    throw new CoppiceError("E_ARG", `Conv2d.groups: expected ${expected}, got ${groups}`);
  }
}
