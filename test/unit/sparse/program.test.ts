import { describe, expect, it } from "vitest";
import { architectures, createModel, type NetworkGraph, type Stem } from "../../../src/models/index.ts";
import { BatchNorm2d, Conv2d, MaxPool2d } from "../../../src/nn/index.ts";
import { programOf, unsupported } from "../../../src/sparse/program.ts";
import { Generator } from "../../../src/torch/index.ts";
import { invariant } from "../../../src/util/errors.ts";

const normalize = { mean: [0], std: [1] };

function graphOf(arch: string, stem: Stem = "cifar"): NetworkGraph {
  const graph = createModel({ arch, stem, numClasses: 2, inChannels: 1, normalize }, Generator.seeded(1)).graph();
  invariant(graph, "a graph");
  return graph;
}

it("describes option A by the block's input", () => {
  const { images, steps, eps } = programOf(graphOf("resnet20s"), [1, 8, 8]);
  expect(images).toEqual([1, 8, 8]);
  const plain = { kernel_size: 3, projection: 0 };
  expect(steps[0]).toEqual({ ...plain, input: 0, out_channels: 16, stride: 1 });
  // Stem 1; stage 1 makes 2 to 7; the next block reads 7, makes 8 and adds 7 to what becomes 9.
  expect(steps.slice(7, 9)).toEqual([
    { ...plain, input: 7, out_channels: 32, stride: 2 },
    { ...plain, input: 8, out_channels: 32, stride: 1, add_zero_padded: 7 },
  ]);
  expect(eps).toEqual(Array(19).fill(1e-5));
});

it("describes pooling, projections and identities", () => {
  const { steps } = programOf(graphOf("resnet18", "imagenet"), [1, 64, 64]);
  expect(steps.slice(0, 4)).toEqual([
    { input: 0, out_channels: 64, kernel_size: 7, stride: 2, projection: 0 },
    { input: 1, kernel_size: 3, stride: 2, padding: 1 },
    { input: 2, out_channels: 64, kernel_size: 3, stride: 1, projection: 0 },
    { input: 3, out_channels: 64, kernel_size: 3, stride: 1, projection: 0, add_identity: 2 },
  ]);
  // The first block of stage 2 reads 6: its convolution makes 7, its projection 8, and 9 adds that.
  expect(steps.slice(6, 9)).toEqual([
    { input: 6, out_channels: 128, kernel_size: 3, stride: 2, projection: 0 },
    { input: 6, out_channels: 128, kernel_size: 1, stride: 2, projection: 1 },
    { input: 7, out_channels: 128, kernel_size: 3, stride: 1, projection: 0, add_projection: 8 },
  ]);
});

describe("unsupported", () => {
  const generator = Generator.seeded(1);
  const graph = graphOf("resnet20s");
  const plain = { inChannels: 2, outChannels: 2, kernelSize: 3, padding: 1, bias: false };
  const withConvolution = (changes: object): NetworkGraph => {
    const convolution = new Conv2d({ ...plain, ...changes }, generator);
    return { ...graph, steps: [{ kind: "convolution", input: 0, convolution, norm: new BatchNorm2d(2) }] };
  };

  it("is nothing in the models here", () => {
    for (const { name: arch, stems = [] } of architectures) {
      for (const stem of stems) expect(unsupported(graphOf(arch, stem)), `${arch}, ${stem} stem`).toBeNull();
    }
  });

  it.each([
    ["a bias", { bias: true }],
    ["dilation", { dilation: 2 }],
    ["groups", { groups: 2 }],
    ["an even kernel", { kernelSize: 2 }],
    ["no padding", { padding: 0 }],
    ["a stride of 3", { stride: 3 }],
    ["an oblong kernel", { kernelSize: [3, 1] }],
  ])("is a convolution with %s", (_name, changes) => {
    expect(unsupported(withConvolution(changes))).toMatch(/^a convolution of/);
  });

  it("is batch normalisations of different momentum, of which the plan knows one", () => {
    const [first, ...rest] = graph.steps;
    invariant(first?.kind === "convolution", "a convolution comes first");
    const other = { ...first, norm: new BatchNorm2d(16, { momentum: 0.5 }) };
    expect(unsupported({ ...graph, steps: [other, ...rest] })).toMatch(/different momentum/);
  });

  it("is pooling that is not square", () => {
    const pool = new MaxPool2d({ kernelSize: [2, 1] });
    expect(unsupported({ ...graph, steps: [{ kind: "max-pool", input: 1, pool }] })).toMatch(/not square/);
  });
});
