import { describe, expect, it } from "vitest";
import { crossEntropy, l1Norm, Linear, logSoftmax, softmax } from "../../../src/nn/index.ts";
import type { CrossEntropyOptions } from "../../../src/nn/index.ts";
import { Generator, tensor } from "../../../src/torch/index.ts";
import { relativeError } from "../../support/compare.ts";
import { gradientError } from "../../support/finite-difference.ts";
import { filled, readNnFixture } from "../../support/layer-fixture.ts";

const labels = tensor(BigInt64Array.of(0n, 3n, 1n, 2n, 2n));

describe("crossEntropy", () => {
  interface LossFixture {
    readonly value: number[];
    readonly gradient: number[];
  }
  const fixtures = readNnFixture<Record<string, LossFixture>>("losses.json");
  const options: [string, CrossEntropyOptions][] = [
    ["mean", {}],
    ["sum", { reduction: "sum" }],
    ["none", { reduction: "none" }],
    ["smoothed", { labelSmoothing: 0.1 }],
  ];

  it.each(options)("equals PyTorch's, %s", (name, option) => {
    const logits = filled([5, 4], (i) => 2 * Math.sin(0.37 * i + 0.5));
    logits.requiresGrad = true;
    const loss = crossEntropy(logits, labels, option);
    loss.sum().backward();
    expect(relativeError(loss, fixtures[name]?.value ?? [])).toBeLessThan(1e-12);
    expect(relativeError(logits.grad ?? [], fixtures[name]?.gradient ?? [])).toBeLessThan(1e-12);
  });

  it("is log K for equal logits, and finite for extreme ones", () => {
    const one = tensor(BigInt64Array.of(1n));
    expect(crossEntropy(tensor([7, 7, 7, 7], { shape: [1, 4] }), one).item()).toBeCloseTo(Math.log(4), 6);
    expect(crossEntropy(tensor([1e4, -1e4], { shape: [1, 2] }), one).item()).toBe(2e4);
  });

  it("has the gradient that differences show", () => {
    const logits = filled([5, 4], (i) => Math.sin(i));
    expect(gradientError(() => crossEntropy(logits, labels, { labelSmoothing: 0.3 }), [logits])).toBeLessThan(1e-8);
  });

  it("refuses bad options and labels", () => {
    const logits = filled([5, 3], () => 0);
    const option = { reduction: "average" as "mean" };
    expect(() => crossEntropy(logits, labels, option)).toThrow(
      "crossEntropy.reduction: expected one of none, mean, sum",
    );
    expect(() => crossEntropy(logits, labels, { labelSmoothing: NaN })).toThrow(
      "crossEntropy.labelSmoothing: expected",
    );
    expect(() => crossEntropy(logits, labels)).toThrow("Target 3 is out of bounds");
  });
});

describe("l1Norm", () => {
  it("adds up all absolute values, with the sign as gradient and 0 at 0", () => {
    const parameters = [tensor([1, -2, 0]), tensor([[-0.5, 4]].flat(), { shape: [1, 2] })];
    for (const parameter of parameters) parameter.requiresGrad = true;
    const norm = l1Norm(parameters);
    norm.mul(3).backward();
    expect(norm.item()).toBe(7.5);
    expect(parameters.map((parameter) => parameter.grad?.toArray())).toEqual([
      [3, -3, 0],
      [-3, 3],
    ]);
  });

  it("takes a module, biases included", () => {
    using generator = Generator.seeded(1);
    const layer = new Linear(
      { inFeatures: 1, outFeatures: 2, initialize: (weight) => void weight.fill_(-3) },
      generator,
    );
    const bias = layer.bias?.abs().sum().item() ?? NaN;
    expect(l1Norm(layer).item()).toBeCloseTo(6 + bias, 6);
  });
});

describe("softmax", () => {
  it("gives probabilities in the ratio of the exponentials", () => {
    const logits = tensor(Float64Array.of(0, Math.log(3), 1000, 1000), { shape: [2, 2] });
    expect(softmax(logits).toArray()).toEqual([0.25, 0.75, 0.5, 0.5].map((value) => expect.closeTo(value, 12)));
    const logs = [Math.log(0.25), Math.log(0.75), -Math.LN2, -Math.LN2];
    expect(logSoftmax(logits).toArray()).toEqual(logs.map((value) => expect.closeTo(value, 12)));
  });
});
