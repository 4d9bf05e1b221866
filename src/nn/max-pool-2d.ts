/** Maximum over windows of an image. */
import { maxPool2d } from "../torch/index.ts";
import type { Tensor } from "../torch/index.ts";
import { Module } from "./module.ts";
import { toPair } from "./pair.ts";
import type { Pair } from "./pair.ts";

export interface Pool2dOptions {
  readonly kernelSize: Pair;
  /** Default: the kernel size, so that windows do not overlap. */
  readonly stride?: Pair;
  /** Added at each side, at most half the kernel; default 0. */
  readonly padding?: Pair;
}

/** `[N, C, H, W]` to `[N, C, H', W']`, as torch.nn.MaxPool2d; the padding never wins. */
export class MaxPool2d extends Module {
  readonly kernelSize: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];

  constructor({ kernelSize, stride = kernelSize, padding = 0 }: Pool2dOptions) {
    super();
    this.kernelSize = toPair("MaxPool2d.kernelSize", kernelSize, 1);
    this.stride = toPair("MaxPool2d.stride", stride, 1);
    this.padding = toPair("MaxPool2d.padding", padding, 0);
  }

  override forward(input_NCHW: Tensor): Tensor {
    return maxPool2d(input_NCHW, this.kernelSize, this.stride, this.padding, [1, 1], false);
  }
}
