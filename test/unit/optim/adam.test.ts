import { describe, expect, it } from "vitest";
import { adam } from "../../../src/optim/index.ts";
import type { AdamOptions } from "../../../src/optim/index.ts";
import { tensor } from "../../../src/torch/index.ts";
import { expectGoldenTrajectory, expectTrajectory } from "../../support/trajectory.ts";

describe("adam equals PyTorch's", () => {
  const cases: [string, AdamOptions][] = [
    ["adam", { lr: 0.1 }],
    ["adam weight decay", { lr: 0.1, weightDecay: 0.1, betas: [0.8, 0.9], eps: 1e-3 }],
    ["adam amsgrad", { lr: 0.1, amsgrad: true }],
  ];
  it.each(cases)("%s", (name, options) => expectTrajectory(name, (parameters) => adam(parameters, options)));
});

describe("adam equals the reference implementation's", () => {
  it.each(["adam", "adam_wd", "adam_amsgrad"])("%s", (name) => expectGoldenTrajectory(name, adam));
});

describe("adam", () => {
  it("moves every entry by lr in the first step, whatever the size of its gradient, and by nothing without one", () => {
    const weight = tensor(Float64Array.of(1, 1, 0));
    weight.requiresGrad = true;
    weight.grad = tensor(Float64Array.of(1e-3, -1e3, 0));
    adam([weight], { lr: 0.01, weightDecay: 0 }).step();
    expect(weight.toArray()).toEqual([expect.closeTo(0.99, 6), expect.closeTo(1.01, 6), 0]);
  });

  it.each([
    [{ lr: -1 }, "lr: expected a finite number >= 0, got -1"],
    [{ betas: [1, 0.9] as const }, "adam.betas[0]: expected a number in [0, 1), got 1"],
    [{ betas: [0.9, NaN] as const }, "adam.betas[1]: expected a number in [0, 1), got NaN"],
    [{ eps: -1e-8 }, "adam.eps: expected a finite number >= 0, got -1e-8"],
    [{ weightDecay: NaN }, "adam.weightDecay: expected a finite number >= 0, got NaN"],
  ])("refuses %o", (change, message) => {
    expect(() => adam([tensor([1])], { lr: 0.1, ...change })).toThrow(message);
  });
});
