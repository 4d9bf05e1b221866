/**
 * The thin ResNets for CIFAR-sized images: 6n + 2 layers in three stages of 16, 32 and 64 channels. Where a stage halves
 * the image and doubles the channels, the shortcut takes every second pixel and adds channels of zeros (option A), so
 * it has no parameters.
 *
 * Source     He et al. 2016, arXiv:1512.03385, section 4.2
 * Reference  OPTML-Group/Unlearn-Sparse models/ResNets.py (resnet20s …), after akamaster/pytorch_resnet_cifar10
 * Differs    no known difference: weights of convolutions and of the last layer N(0, 2 / fan in), its bias PyTorch's default
 */
import { kaimingNormal, Linear, Module } from "../nn/index.ts";
import { constantPadNd } from "../torch/index.ts";
import type { Generator, Tensor } from "../torch/index.ts";
import { type Architecture, defineArchitecture } from "./architecture.ts";
import type { GraphBuilder, Shortcut } from "./graph.ts";
import type { Model, ResolvedModelSpec } from "./model.ts";
import { BasicBlock, convolution, type ShortcutModule } from "./residual-block.ts";
import { ResidualNetwork, ResidualStage } from "./residual-network.ts";

const stageChannels = [16, 32, 64] as const;
const lastChannels = 64;

/** Option A: every second pixel in both directions, half of the `added` channels of zeros before and half after. */
export class ZeroPadShortcut extends Module implements ShortcutModule {
  readonly #added: number;

  /** @param added number of channels to add, even */
  constructor(added: number) {
    super();
    this.#added = added;
  }

  /** `[N, C, H, W]` to `[N, C + added, ceil(H / 2), ceil(W / 2)]`. */
  override forward(input_NCHW: Tensor): Tensor {
    const sampled_NCHW = input_NCHW.slice(2, null, null, 2).slice(3, null, null, 2);
    const half = this.#added / 2;
    return constantPadNd(sampled_NCHW, [0, 0, 0, 0, half, half], 0);
  }

  describe(_graph: GraphBuilder, input: number): Shortcut {
    return { kind: "zero-padded", tensor: input };
  }
}

export const resnet20s = thinResnet(20, 269_722);
export const resnet32s = thinResnet(32, 464_154);
export const resnet44s = thinResnet(44, 658_586);
export const resnet56s = thinResnet(56, 853_018);

/** @param depth 6n + 2 layers */
function thinResnet(depth: number, parameterCount: number): Architecture {
  return defineArchitecture({
    name: `resnet${depth}s`,
    description: `thin ResNet-${depth} for small images, 16 to 64 channels, shortcuts without parameters`,
    parameterCount,
    stems: ["cifar"],
    build: (spec, generator) => build(spec, depth, generator),
  });
}

function build(spec: ResolvedModelSpec, depth: number, generator: Generator): Model {
  const { inChannels, numClasses } = spec;
  const first = { inChannels, outChannels: stageChannels[0], kernelSize: 3, stride: 1, initialize: kaimingNormal };
  const stem = convolution(first, generator);
  const stages = stageChannels.map((channels, i) => residualStage(channels, i > 0, (depth - 2) / 6, generator));
  const fc = new Linear({ inFeatures: lastChannels, outFeatures: numClasses, initialize: kaimingNormal }, generator);
  return new ResidualNetwork(spec, { stem, stages, fc });
}

/** Where `halves`, the first block halves the image and doubles the channels to reach `channels`. */
function residualStage(channels: number, halves: boolean, depth: number, generator: Generator): ResidualStage {
  const plain = { inChannels: channels, channels, stride: 1, initialize: kaimingNormal };
  const blocks: BasicBlock[] = [];
  if (halves) {
    const halving = { ...plain, inChannels: channels / 2, stride: 2 };
    blocks.push(new BasicBlock(halving, generator, new ZeroPadShortcut(channels / 2)));
  }
  while (blocks.length < depth) blocks.push(new BasicBlock(plain, generator));
  return new ResidualStage(...blocks);
}
