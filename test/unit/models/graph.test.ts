import { expect, it } from "vitest";
import { GraphBuilder } from "../../../src/models/graph.ts";
import { BatchNorm2d, Conv2d, MaxPool2d } from "../../../src/nn/index.ts";
import { Generator } from "../../../src/torch/index.ts";

it("numbers tensors by the steps that make them, the images being tensor 0", () => {
  using generator = Generator.seeded(1);
  const conv = new Conv2d({ inChannels: 2, outChannels: 2, kernelSize: 1 }, generator);
  const norm = new BatchNorm2d(2);
  const pool = new MaxPool2d({ kernelSize: 2, stride: 2 });
  const graph = new GraphBuilder();
  const first = graph.convolution(0, conv, norm);
  const pooled = graph.add({ kind: "max-pool", input: first, pool });
  const last = graph.convolution(pooled, conv, norm, { kind: "identity", tensor: pooled });
  expect([first, pooled, last]).toEqual([1, 2, 3]);
  expect(graph.steps.map(({ kind, input }) => [kind, input])).toEqual([
    ["convolution", 0],
    ["max-pool", 1],
    ["convolution", 2],
  ]);
  expect(graph.steps[2]).toMatchObject({ convolution: conv, norm, shortcut: { kind: "identity", tensor: 2 } });
});
