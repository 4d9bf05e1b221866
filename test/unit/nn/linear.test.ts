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

  it.each([
    [{ inFeatures: 0 }, "Linear.inFeatures: expected an integer >= 1, got 0"],
    [{ outFeatures: -2 }, "Linear.outFeatures: expected an integer >= 1, got -2"],
  ])("refuses %o", (change, message) => {
    expect(() => build({ inFeatures: 1, outFeatures: 1, ...change })).toThrow(message);
  });
});
