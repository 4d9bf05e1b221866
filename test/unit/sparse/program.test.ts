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
  const { numbers, eps } = programOf(graphOf("resnet20s"), [1, 8, 8]);
  expect(numbers.slice(0, 3)).toEqual([1, 8, 8]);
  expect(numbers.slice(3, 11)).toEqual([0, 0, 16, 3, 1, 0, 0, 0]);
  // Stem 1; stage 1 makes 2 to 7; the next block reads 7, makes 8 and adds 7 to what becomes 9.
  expect(numbers.slice(3 + 8 * 7, 3 + 8 * 9)).toEqual([0, 7, 32, 3, 2, 0, 0, 0, 0, 8, 32, 3, 1, 3, 7, 0]);
  expect(eps).toEqual(Array(19).fill(1e-5));
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
