import { describe, expect, it } from "vitest";
import { Linear } from "../../../src/nn/index.ts";
import type { LinearOptions } from "../../../src/nn/index.ts";
import { Generator } from "../../../src/torch/index.ts";
import { gradientError } from "../../support/finite-difference.ts";
import { expectLikePyTorch, filled } from "../../support/layer-fixture.ts";

function build(options: LinearOptions): Linear {
  using generator = Generator.seeded(1);
  return new Linear(options, generator);
}

describe("Linear", () => {
  it("equals PyTorch's", () => {
    expectLikePyTorch("linear", build({ inFeatures: 3, outFeatures: 4 }));
    expectLikePyTorch("linear without bias", build({ inFeatures: 3, outFeatures: 2, bias: false }));
  });

  it("has the gradient that differences show", () => {
    const layer = build({ inFeatures: 3, outFeatures: 2 }).to("float64");
    const input = filled([2, 3], (i) => Math.sin(i));
    expect(gradientError(() => layer.call(input), [input, ...layer.parameters()])).toBeLessThan(1e-8);
  });

  it("gets more outputs that begin as a new layer's, and loses them again", () => {
    const layer = build({ inFeatures: 3, outFeatures: 4 }).to("float64");
    const before = [layer.weight, layer.bias].map((parameter) => parameter?.detach().toArray());
    using generator = Generator.seeded(5);
    layer.resize(6, generator);
    expect([layer.weight.shape, layer.bias?.shape]).toEqual([[6, 3], [6]]);
    expect(layer.weight.dtype).toBe("float64");
    expect(layer.weight.requiresGrad).toBe(true);
    const bound = 1 / Math.sqrt(3);
    const added = layer.weight.detach().narrow(0, 4, 2).abs().amax().item();
    expect(added).toBeGreaterThan(0);
    expect(added).toBeLessThanOrEqual(bound);
    expect(layer.call(filled([2, 3], Math.sin)).shape).toEqual([2, 6]);
    layer.resize(4, generator);
    expect([layer.weight, layer.bias].map((parameter) => parameter?.detach().toArray())).toEqual(before);
  });

  it.each([
    [{ inFeatures: 0 }, "Linear.inFeatures: expected an integer >= 1, got 0"],
    [{ outFeatures: -2 }, "Linear.outFeatures: expected an integer >= 1, got -2"],
  ])("refuses %o", (change, message) => {
    expect(() => build({ inFeatures: 1, outFeatures: 1, ...change })).toThrow(message);
  });
});
