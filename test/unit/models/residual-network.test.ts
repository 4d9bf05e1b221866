import { expect, it } from "vitest";
import { resolveSpec } from "../../../src/models/model.ts";
import { BasicBlock, convolution, fanOutNormal, Projection } from "../../../src/models/residual-block.ts";
import { ResidualNetwork, ResidualStage } from "../../../src/models/residual-network.ts";
import { Linear, MaxPool2d } from "../../../src/nn/index.ts";
import { Generator, noGrad, rand } from "../../../src/torch/index.ts";
import "../../support/one-thread.ts";

/** Two stages of one block, the second wider; with a pool or without. */
function network(pooled: boolean): ResidualNetwork {
  using generator = Generator.seeded(1);
  const normalize = { mean: [0.5], std: [0.25] };
  const spec = resolveSpec({ arch: "two-stages", numClasses: 3, inChannels: 1, imageSize: 8, normalize }, ["cifar"]);
  const stem = { inChannels: 1, outChannels: 4, kernelSize: 3, stride: 1, initialize: fanOutNormal };
  return new ResidualNetwork(spec, {
    stem: convolution(stem, generator),
    ...(pooled ? { pool: new MaxPool2d({ kernelSize: 3, stride: 2, padding: 1 }) } : {}),
    stages: [
      new ResidualStage(new BasicBlock({ inChannels: 4, channels: 4, stride: 1 }, generator)),
      new ResidualStage(
        new BasicBlock({ inChannels: 4, channels: 8, stride: 2 }, generator, new Projection(4, 8, 2, generator)),
      ),
    ],
    fc: new Linear({ inFeatures: 8, outFeatures: 3 }, generator),
  });
}

it("names its parts as torchvision does", () => {
  const layers = [...network(false).namedModules().keys()].filter((path) => path !== "" && !path.includes("."));
  expect(layers).toEqual(["normalize", "conv1", "bn1", "layer1", "layer2", "fc"]);
});

it("gives logits of features, the mean over the last map", () => {
  const model = network(false).eval();
  noGrad(() => {
    const images = rand([2, 1, 8, 8], { generator: Generator.seeded(2) });
    const features = model.features(images);
    expect(features.shape).toEqual([2, 8]);
    expect(model.call(images).toArray()).toEqual(model.head.call(features).toArray());
  });
});

it.each([
  [false, 6, 0],
  [true, 7, 1],
])("describes its steps (with a pool: %s)", (pooled, length, pools) => {
  const model = network(pooled);
  const { steps, fc, normalize } = model.graph();
  expect(steps).toHaveLength(length);
  expect(steps.filter(({ kind }) => kind === "max-pool")).toHaveLength(pools);
  expect(steps[1]?.kind).toBe(pooled ? "max-pool" : "convolution");
  expect([fc, normalize]).toEqual([model.head, model.namedModules().get("normalize")]);
});
