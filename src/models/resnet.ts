/**
 * ResNet-18 and ResNet-50 with torchvision's parameter names and order, a normalisation layer in front, and a choice of
 * stem: `imagenet` is the published 7x7 convolution with stride 2 and max-pooling, `cifar` one 3x3 convolution with
 * stride 1 and no pooling, for images of about 32 pixels.
 *
 * Source     He et al. 2016, arXiv:1512.03385, table 1
 * Reference  torchvision.models.resnet; OPTML-Group/Unlearn-Sparse models/ResNet.py (normalisation inside, CIFAR stem)
 * Differs    no known difference: convolutions N(0, 2 / fan out), batch normalisations 1 and 0, the last layer PyTorch's default
 */
import { Linear, MaxPool2d } from "../nn/index.ts";
import type { Generator } from "../torch/index.ts";
import { defineArchitecture } from "./architecture.ts";
import type { Model, ResolvedModelSpec } from "./model.ts";
import { BasicBlock, Bottleneck, convolution, fanOutNormal, Projection } from "./residual-block.ts";
import type { ResidualBlock, ResidualBlockOptions, ShortcutModule } from "./residual-block.ts";
import { ResidualNetwork, ResidualStage } from "./residual-network.ts";

interface BlockKind {
  /** Output channels of a block over its inner channels. */
  readonly expansion: number;
  readonly make: (options: ResidualBlockOptions, generator: Generator, shortcut?: ShortcutModule) => ResidualBlock;
}

const basic: BlockKind = {
  expansion: 1,
  make: (options, generator, shortcut) => new BasicBlock(options, generator, shortcut),
};

const bottleneck: BlockKind = {
  expansion: 4,
  make: (options, generator, shortcut) => new Bottleneck(options, generator, shortcut),
};

const stemChannels = 64;
const stageChannels = [64, 128, 256, 512] as const;

export const resnet18 = defineArchitecture({
  name: "resnet18",
  description: "ResNet-18, basic blocks [2, 2, 2, 2]",
  parameterCount: 11_173_962,
  stems: ["cifar", "imagenet"],
  build: (spec, generator) => build(spec, basic, [2, 2, 2, 2], generator),
});

export const resnet50 = defineArchitecture({
  name: "resnet50",
  description: "ResNet-50, bottleneck blocks [3, 4, 6, 3]",
  parameterCount: 23_520_842,
  stems: ["cifar", "imagenet"],
  build: (spec, generator) => build(spec, bottleneck, [3, 4, 6, 3], generator),
});

function build(spec: ResolvedModelSpec, kind: BlockKind, depths: readonly number[], generator: Generator): Model {
  const size = spec.stem === "imagenet" ? { kernelSize: 7, stride: 2 } : { kernelSize: 3, stride: 1 };
  const first = { inChannels: spec.inChannels, outChannels: stemChannels, ...size, initialize: fanOutNormal };
  const stem = convolution(first, generator);

  let inChannels: number = stemChannels;
  const stages = depths.map((depth, i) => {
    const channels = stageChannels[i] ?? 0;
    const stage = residualStage(kind, depth, { inChannels, channels, stride: i === 0 ? 1 : 2 }, generator);
    inChannels = channels * kind.expansion;
    return stage;
  });
  const fc = new Linear({ inFeatures: inChannels, outFeatures: spec.numClasses }, generator);
  const pool = spec.stem === "imagenet" ? { pool: new MaxPool2d({ kernelSize: 3, stride: 2, padding: 1 }) } : {};
  return new ResidualNetwork(spec, { stem, ...pool, stages, fc });
}

/** `depth` blocks; the first one strides and, where the shape changes, projects its shortcut. */
function residualStage(
  { expansion, make }: BlockKind,
  depth: number,
  options: ResidualBlockOptions,
  generator: Generator,
): ResidualStage {
  const { inChannels, channels, stride } = options;
  const outChannels = channels * expansion;
  const changes = stride !== 1 || inChannels !== outChannels;
  const shortcut = changes ? new Projection(inChannels, outChannels, stride, generator) : undefined;
  const blocks = [make(options, generator, shortcut)];
  while (blocks.length < depth) blocks.push(make({ inChannels: outChannels, channels, stride: 1 }, generator));
  return new ResidualStage(...blocks);
}
