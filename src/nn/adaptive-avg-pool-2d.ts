/** Mean over a fixed number of equal parts of an image. */
import { adaptiveAvgPool2d } from "../torch/index.ts";
import type { Tensor } from "../torch/index.ts";
import { Module } from "./module.ts";
import { toPair } from "./pair.ts";
import type { Pair } from "./pair.ts";

/** `[N, C, H, W]` to `[N, C, outputSize]`, as torch.nn.AdaptiveAvgPool2d; size 1 is the global mean. */
export class AdaptiveAvgPool2d extends Module {
  readonly outputSize: readonly [number, number];

  constructor(outputSize: Pair) {
    super();
    this.outputSize = toPair("AdaptiveAvgPool2d.outputSize", outputSize, 1);
  }

  override forward(input_NCHW: Tensor): Tensor {
    return adaptiveAvgPool2d(input_NCHW, this.outputSize);
  }
}
