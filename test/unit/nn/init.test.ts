import { describe, expect, it } from "vitest";
import { Conv2d, defaultBias, fans, kaimingNormal, kaimingUniform, Linear } from "../../../src/nn/index.ts";
import { empty, Generator } from "../../../src/torch/index.ts";
import type { Tensor } from "../../../src/torch/index.ts";
import { relativeError } from "../../support/compare.ts";
import { readNnFixture } from "../../support/layer-fixture.ts";

const fixtures = readNnFixture<Record<string, number[][]>>("init.json");

function expectDrawn(name: string, tensors: readonly Tensor[]): void {
  const expected = fixtures[name] ?? [];
  expect(tensors).toHaveLength(expected.length);
  tensors.forEach((tensor, i) => expect(relativeError(tensor, expected[i] ?? []), name).toBeLessThan(1e-6));
}

describe("the same seed as PyTorch's", () => {
  it("gives its default weights and biases", () => {
    using first = Generator.seeded(1);
    expectDrawn("conv", new Conv2d({ inChannels: 3, outChannels: 4, kernelSize: [3, 2] }, first).parameters());
    using second = Generator.seeded(2);
    expectDrawn("linear", new Linear({ inFeatures: 7, outFeatures: 5 }, second).parameters());
  });

  it.each([
    ["kaiming normal fan in", "fan-in", 3],
    ["kaiming normal fan out", "fan-out", 4],
  ] as const)("gives its %s", (name, mode, seed) => {
    using generator = Generator.seeded(seed);
    const weight = empty([4, 3, 3, 2]);
    kaimingNormal(weight, generator, { mode });
    expectDrawn(name, [weight]);
  });
});

describe("distributions", () => {
  const shape = [40, 20, 5, 5];

  function statistics(weight: Tensor): { mean: number; deviation: number; largest: number } {
    const deviation = Math.sqrt(weight.variance().item());
    return { mean: weight.mean().item(), deviation, largest: weight.abs().max().item() };
  }

  it.each([
    [{}, Math.sqrt(2 / 500)],
    [{ mode: "fan-out" as const }, Math.sqrt(2 / 1000)],
    [{ negativeSlope: Math.sqrt(5) }, Math.sqrt(1 / 3 / 500)],
  ])("of %o have the stated deviation", (options, deviation) => {
    using generator = Generator.seeded(5);
    const weight = empty(shape);
    kaimingUniform(weight, generator, options);
    const uniform = statistics(weight);
    kaimingNormal(weight, generator, options);
    const normal = statistics(weight);
    for (const found of [uniform, normal]) {
      expect(Math.abs(found.mean)).toBeLessThan((4 * deviation) / Math.sqrt(weight.numel));
      expect(Math.abs(found.deviation / deviation - 1)).toBeLessThan(4 / Math.sqrt(2 * weight.numel));
    }
    expect(uniform.largest).toBeLessThanOrEqual(Math.sqrt(3) * deviation * (1 + 1e-6));
    expect(normal.largest).toBeGreaterThan(3.5 * deviation);
  });

  it("of biases end at 1/sqrt(fan in)", () => {
    using generator = Generator.seeded(6);
    const bias = empty([1000]);
    defaultBias(bias, 25, generator);
    expect(statistics(bias).largest).toBeLessThanOrEqual(Math.fround(0.2));
    expect(statistics(bias).largest).toBeGreaterThan(0.195);
  });
});

describe("fans", () => {
  it("count inputs and outputs of one connection", () => {
    expect(fans([8, 4, 3, 2])).toEqual({ fanIn: 24, fanOut: 48 });
    expect(fans([10, 16])).toEqual({ fanIn: 16, fanOut: 10 });
  });

  it("need two dimensions", () => {
    expect(() => fans([3])).toThrow("fans: expected a weight of two or more dimensions, got [3]");
  });
});
