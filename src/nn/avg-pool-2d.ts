/** Mean over windows of an image. */
import { avgPool2d } from "../torch/index.ts";
import type { Tensor } from "../torch/index.ts";
import type { Pool2dOptions } from "./max-pool-2d.ts";
import { Module } from "./module.ts";
import { toPair } from "./pair.ts";

/** `[N, C, H, W]` to `[N, C, H', W']`, as torch.nn.AvgPool2d: zeros of the padding count in the mean. */
export class AvgPool2d extends Module {
  readonly kernelSize: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];

  constructor({ kernelSize, stride = kernelSize, padding = 0 }: Pool2dOptions) {
    super();
    this.kernelSize = toPair("AvgPool2d.kernelSize", kernelSize, 1);
    this.stride = toPair("AvgPool2d.stride", stride, 1);
    this.padding = toPair("AvgPool2d.padding", padding, 0);
  }

  override forward(input_NCHW: Tensor): Tensor {
    return avgPool2d(input_NCHW, this.kernelSize, this.stride, this.padding, false, true, null);
  }
}
