import { describe, expect, it } from "vitest";
import { createModel } from "../../../src/models/index.ts";
import type { ModelSpec } from "../../../src/models/index.ts";
import { Generator, liveTensors, scope } from "../../../src/torch/index.ts";
import type { Tensor } from "../../../src/torch/index.ts";
import { CoppiceError } from "../../../src/util/errors.ts";

const normalize = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };
const small: ModelSpec = { arch: "resnet20s", numClasses: 10, normalize };

function build(spec: ModelSpec, seed = 3): ReturnType<typeof createModel> {
  using generator = Generator.seeded(seed);
  return createModel(spec, generator);
}

function hintOf(fn: () => unknown): string | undefined {
  try {
    fn();
  } catch (error) {
    if (error instanceof CoppiceError && error.code === "E_ARG") return error.hint;
    throw error;
  }
  throw new TypeError("expected an error");
}

describe("createModel", () => {
  it("makes every choice explicit in the model's spec", () => {
    using model = build(small);
    expect(model.spec).toEqual({ ...small, inChannels: 3, imageSize: 32, members: 1, stem: "cifar" });
    using large = build({ arch: "resnet18", stem: "imagenet", numClasses: 2, normalize });
    expect(large.spec.imageSize).toBe(224);
  });

  it("gives the same weights for the same seed, others for another", () => {
    using first = build(small);
    using second = build(small);
    using other = build(small, 4);
    const weights = [first, second, other].map((model) => model.parameters()[0]?.toArray());
    expect(weights[1]).toEqual(weights[0]);
    expect(weights[2]).not.toEqual(weights[0]);
  });

  it("survives the scope it was called in, and is freed by dispose", () => {
    const before = liveTensors();
    const model = scope(() => build(small));
    expect(liveTensors()).toBe(before + model.stateDict().size);
    model.dispose();
    expect(liveTensors()).toBe(before);
  });

  it("suggests the nearest name for an unknown one", () => {
    expect(hintOf(() => build({ ...small, arch: "resnet20" }))).toBe("did you mean resnet20s?");
    expect(hintOf(() => build({ ...small, arch: "ResNet-18" }))).toBe("did you mean resnet18?");
    expect(() => build({ ...small, arch: "vgg" })).toThrow(
      'arch: expected one of resnet20s, resnet32s, resnet44s, resnet56s, resnet18, resnet50, got "vgg"',
    );
  });

  it.each([
    [{ numClasses: 1 }, "resnet20s.numClasses: expected an integer >= 2, got 1"],
    [{ numClasses: NaN }, "resnet20s.numClasses: expected an integer >= 2, got NaN"],
    [{ imageSize: 0 }, "resnet20s.imageSize: expected an integer >= 1, got 0"],
    [{ inChannels: 1 }, "resnet20s.normalize.mean: expected 1 values, one per channel, got 3"],
    [{ stem: "imagenet" as const }, 'resnet20s.stem: expected one of cifar, got "imagenet"'],
    [{ normalize: { mean: [0, 0, 0], std: [1, 1, 0] } }, "Normalize.std: expected a finite number > 0, got 0"],
    [{ normalize: { mean: [0, 0, NaN], std: [1, 1, 1] } }, "Normalize.mean: expected a finite number, got NaN"],
  ])("refuses %o", (change, message) => {
    expect(() => build({ ...small, ...change })).toThrow(message);
  });
});

describe("initialisation", () => {
  /** At least a thousand entries: mean 0 and the deviation to within four standard errors. */
  function expectDeviation(weight: Tensor, deviation: number): void {
    const values = weight.detach().to("float64");
    expect(Math.abs(values.mean().item())).toBeLessThan((4 * deviation) / Math.sqrt(values.numel));
    const found = Math.sqrt(values.variance().item());
    expect(Math.abs(found / deviation - 1)).toBeLessThan(4 / Math.sqrt(2 * values.numel));
  }

  it("of the wide networks keeps the variance of gradients, with PyTorch's default in the last layer", () => {
    using model = build({ arch: "resnet18", numClasses: 100, normalize });
    for (const [name, parameter] of model.namedParameters()) {
      const [out = 0, inputs = 0, height = 1, width = 1] = parameter.shape;
      if (parameter.dim() === 4) expectDeviation(parameter, Math.sqrt(2 / (out * height * width)));
      if (name === "fc.weight") expectDeviation(parameter, Math.sqrt(1 / (3 * inputs)));
      if (name.startsWith("fc"))
        expect(parameter.abs().max().item()).toBeLessThanOrEqual(Math.fround(1 / Math.sqrt(512)));
    }
  });

  it("of the thin networks keeps the variance of activations, in the last layer too", () => {
    using model = build({ ...small, numClasses: 100 });
    for (const [name, parameter] of model.namedParameters()) {
      const [, inputs = 0, height = 1, width = 1] = parameter.shape;
      const deviation = Math.sqrt(2 / (inputs * height * width));
      if (parameter.dim() > 1 && parameter.numel > 1000) expectDeviation(parameter, deviation);
      if (name === "fc.bias") expect(parameter.abs().max().item()).toBeLessThanOrEqual(1 / 8);
    }
  });

  it("starts batch normalisation as the identity", () => {
    using model = build(small);
    const state = model.stateDict();
    const value = (name: string): number[] => [...new Set(state.get(`layer2.0.bn1.${name}`)?.toArray())];
    expect(["weight", "bias", "running_mean", "running_var"].map(value)).toEqual([[1], [0], [0], [1]]);
  });
});
