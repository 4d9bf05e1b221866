import { describe, expect, it } from "vitest";
import { adamw } from "../../../src/optim/index.ts";
import { tensor } from "../../../src/torch/index.ts";
import { expectGoldenTrajectory, expectTrajectory } from "../../support/trajectory.ts";

describe("adamw", () => {
  it("equals PyTorch's, its weight decay of 0.01 included", () => {
    expectTrajectory("adamw", (parameters) => adamw(parameters, { lr: 0.1 }));
    expectTrajectory("adamw amsgrad", (parameters) => adamw(parameters, { lr: 0.1, weightDecay: 0.5, amsgrad: true }));
  });

  it("shrinks a weight without gradient by lr times weight decay", () => {
    const weight = tensor(Float64Array.of(2, 0));
    weight.requiresGrad = true;
    weight.grad = tensor(Float64Array.of(0, 0));
    adamw([weight], { lr: 0.5, weightDecay: 0.25 }).step();
    expect(weight.toArray()).toEqual([2 * (1 - 0.125), 0]);
  });

  it("refuses a negative weight decay", () => {
    expect(() => adamw([tensor([1])], { lr: 0.1, weightDecay: -0.1 })).toThrow("adam.weightDecay: expected");
  });
});

describe("adamw equals the reference implementation's", () => {
  it("adamw", () => {
    expectGoldenTrajectory("adamw", adamw);
  });
});
