/** The frame that all residual networks here share: stem, stages of blocks, global mean, one linear layer. */
import { AdaptiveAvgPool2d, BatchNorm2d, chain, Flatten, Normalize, Sequential } from "../nn/index.ts";
import type { Conv2d, Linear, MaxPool2d, Module } from "../nn/index.ts";
import type { Tensor } from "../torch/index.ts";
import { type Describable, GraphBuilder, type NetworkGraph } from "./graph.ts";
import { HEAD, Model } from "./model.ts";
import type { ResolvedModelSpec } from "./model.ts";
import { defined } from "../util/defined.ts";
import { convolveAndNormalize, type ResidualBlock } from "./residual-block.ts";

export interface ResidualNetworkParts {
  readonly stem: Conv2d;
  /** Between the stem and the first stage. */
  readonly pool?: MaxPool2d;
  readonly stages: readonly ResidualStage[];
  readonly fc: Linear;
}

/** Blocks one after another. */
export class ResidualStage extends Sequential implements Describable {
  readonly #blocks: readonly ResidualBlock[];

  constructor(...blocks: readonly ResidualBlock[]) {
    super(...blocks);
    this.#blocks = blocks;
  }

  describe(graph: GraphBuilder, input: number): number {
    return this.#blocks.reduce((tensor, block) => block.describe(graph, tensor), input);
  }
}

/** normalize, conv1, bn1, ReLU, pool, layer1 …, global mean, fc: torchvision's names and order. */
export class ResidualNetwork extends Model {
  readonly #normalize: Normalize;
  readonly #bn1: BatchNorm2d;
  readonly #rest: readonly Module[];
  readonly #parts: ResidualNetworkParts;

  constructor(spec: ResolvedModelSpec, { stem, pool, stages, fc }: ResidualNetworkParts) {
    super(spec);
    this.#parts = { stem, ...defined({ pool }), stages, fc };
    this.#normalize = this.registerModule("normalize", new Normalize(spec.normalize));
    this.registerModule("conv1", stem);
    this.#bn1 = this.registerModule("bn1", new BatchNorm2d(stem.outChannels));
    stages.forEach((stage, i) => this.registerModule(`layer${i + 1}`, stage));
    this.registerModule(HEAD, fc);
    this.#rest = [...(pool === undefined ? [] : [pool]), ...stages, new AdaptiveAvgPool2d(1), new Flatten()];
  }

  override get head(): Linear {
    return this.#parts.fc;
  }

  override features(images_NCHW: Tensor): Tensor {
    return chain(images_NCHW, [
      this.#normalize,
      (x) => convolveAndNormalize(this.#parts.stem, this.#bn1, x).relu_(),
      ...this.#rest,
    ]);
  }

  override forward(images_NCHW: Tensor): Tensor {
    return this.#parts.fc.call(this.features(images_NCHW));
  }

  override graph(): NetworkGraph {
    const { pool, stages, fc } = this.#parts;
    const graph = new GraphBuilder();
    let tensor = graph.convolution(0, this.#parts.stem, this.#bn1);
    if (pool !== undefined) tensor = graph.add({ kind: "max-pool", input: tensor, pool });
    for (const stage of stages) tensor = stage.describe(graph, tensor);
    return { normalize: this.#normalize, steps: graph.steps, fc };
  }
}
