import { describe, expect, it } from "vitest";
import { sgd } from "../../../src/optim/index.ts";
import type { SgdOptions } from "../../../src/optim/index.ts";
import { fromTypedArray, tensor } from "../../../src/torch/index.ts";
import { expectGoldenTrajectory, expectTrajectory } from "../../support/trajectory.ts";

describe("sgd equals PyTorch's", () => {
  const cases: [string, SgdOptions][] = [
    ["sgd", { lr: 0.1 }],
    ["sgd momentum", { lr: 0.1, momentum: 0.9, weightDecay: 0.01 }],
    ["sgd nesterov", { lr: 0.1, momentum: 0.9, weightDecay: 0.01, nesterov: true }],
    ["sgd dampening", { lr: 0.1, momentum: 0.9, dampening: 0.3 }],
    ["sgd maximize", { lr: 0.1, momentum: 0.5, weightDecay: 0.1, maximize: true }],
  ];
  it.each(cases)("%s", (name, options) => expectTrajectory(name, (parameters) => sgd(parameters, options)));
});

describe("sgd equals the reference implementation's", () => {
  it.each([
    "sgd",
    "sgd_wd",
    "sgd_momentum",
    "sgd_momentum_wd",
    "sgd_nesterov_wd",
    "sgd_dampening",
    "sgd_maximize",
    "sgd_masked_weight_orig",
  ])("%s", (name) => expectGoldenTrajectory(name, sgd));
});

describe("sgd", () => {
  it("computes one step by hand", () => {
    const weight = tensor([1, -2]);
    weight.requiresGrad = true;
    weight.grad = tensor([0.5, 1]);
    sgd([weight], { lr: 0.5, weightDecay: 0.25 }).step();
    expect(weight.toArray()).toEqual([1 - 0.5 * 0.75, -2 - 0.5 * 0.5]);
    expect(weight.grad?.toArray()).toEqual([0.5, 1]);
  });

  it("leaves an entry that is 0, without gradient and momentum, exactly 0", () => {
    const weight = tensor(Float32Array.of(0, 0.3));
    weight.requiresGrad = true;
    const gradient = Float32Array.of(0, 1);
    const optimizer = sgd([weight], { lr: 0.1, momentum: 0.9, weightDecay: 5e-4, nesterov: true });
    for (let step = 0; step < 20; step++) {
      weight.grad = fromTypedArray(gradient, [2]);
      optimizer.step();
      expect(weight.toArray()[0]).toBe(0);
    }
    expect(weight.toArray()[1]).not.toBeCloseTo(0.3, 1);
  });

  it.each([
    [{ lr: -0.1 }, "lr: expected a finite number >= 0, got -0.1"],
    [{ lr: NaN }, "lr: expected a finite number >= 0, got NaN"],
    [{ momentum: -1 }, "sgd.momentum: expected a finite number >= 0, got -1"],
    [{ momentum: NaN }, "sgd.momentum: expected a finite number >= 0, got NaN"],
    [{ dampening: Infinity }, "sgd.dampening: expected a finite number >= 0, got Infinity"],
    [{ weightDecay: NaN }, "sgd.weightDecay: expected a finite number >= 0, got NaN"],
    [{ nesterov: true }, "sgd.nesterov: expected momentum > 0 and dampening 0 with it, got momentum 0 and dampening 0"],
    [{ nesterov: true, momentum: 0.9, dampening: 0.1 }, "got momentum 0.9 and dampening 0.1"],
  ])("refuses %o", (change, message) => {
    expect(() => sgd([tensor([1])], { lr: 0.1, ...change })).toThrow(message);
  });
});
