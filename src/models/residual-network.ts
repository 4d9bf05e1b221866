/** The frame that all residual networks here share: stem, stages of blocks, global mean, one linear layer. */
import { AdaptiveAvgPool2d, BatchNorm2d, chain, Flatten, Normalize } from "../nn/index.ts";
import type { Conv2d, Linear, Module, Sequential } from "../nn/index.ts";
import type { Tensor } from "../torch/index.ts";
import { Model } from "./model.ts";
import type { ResolvedModelSpec } from "./model.ts";
import { convolveAndNormalize } from "./residual-block.ts";

export interface ResidualNetworkParts {
  readonly stem: Conv2d;
  /** Between the stem and the first stage. */
  readonly pool?: Module;
  readonly stages: readonly Sequential[];
  readonly fc: Linear;
}

/** normalize, conv1, bn1, ReLU, pool, layer1 …, global mean, fc: torchvision's names and order. */
export class ResidualNetwork extends Model {
  readonly #normalize: Normalize;
  readonly #conv1: Conv2d;
  readonly #bn1: BatchNorm2d;
  readonly #rest: readonly Module[];

  constructor(spec: ResolvedModelSpec, { stem, pool, stages, fc }: ResidualNetworkParts) {
    super(spec);
    this.#normalize = this.registerModule("normalize", new Normalize(spec.normalize));
    this.#conv1 = this.registerModule("conv1", stem);
    this.#bn1 = this.registerModule("bn1", new BatchNorm2d(stem.outChannels));
    stages.forEach((stage, i) => this.registerModule(`layer${i + 1}`, stage));
    this.registerModule("fc", fc);
    this.#rest = [...(pool === undefined ? [] : [pool]), ...stages, new AdaptiveAvgPool2d(1), new Flatten(), fc];
  }

  override forward(images_NCHW: Tensor): Tensor {
    return chain(images_NCHW, [
      this.#normalize,
      (x) => convolveAndNormalize(this.#conv1, this.#bn1, x).relu_(),
      ...this.#rest,
    ]);
  }
}
