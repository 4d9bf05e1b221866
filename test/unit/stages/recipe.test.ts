import { describe, expect, it } from "vitest";
import type { RecipeConfig } from "../../../src/stages/index.ts";
import { defaultRewindEpoch, fromEpoch, makeOptimizer, makeSchedule } from "../../../src/stages/recipe.ts";
import { Linear } from "../../../src/nn/index.ts";
import { Generator } from "../../../src/torch/index.ts";
import "../../support/one-thread.ts";

const paper: RecipeConfig = {
  epochs: 182,
  batchSize: 256,
  optimizer: "sgd",
  lr: 0.1,
  momentum: 0.9,
  weightDecay: 5e-4,
  nesterov: false,
  schedule: "multistep",
  milestones: [0.5, 0.75],
  warmupEpochs: 0,
  augment: true,
};

describe("the paper's recipe", () => {
  const schedule = makeSchedule(paper);
  const rate = (epoch: number): number => schedule(epoch, 0, 100);

  it("drops the rate at epochs 91 and 136", () => {
    expect([0, 90, 91, 135, 136, 181].map(rate)).toEqual([
      0.1,
      0.1,
      0.1 * 0.1,
      0.1 * 0.1,
      0.1 * 0.1 ** 2,
      0.1 * 0.1 ** 2,
    ]);
  });

  it("rewinds to epoch 8, with the rate of that epoch", () => {
    expect(defaultRewindEpoch(182)).toBe(8);
    expect(fromEpoch(schedule, 8)(83, 0, 100)).toBe(rate(91));
  });

  it("rewinds short runs to a tenth of their epochs", () => {
    expect([5, 20, 40, 79, 80].map(defaultRewindEpoch)).toEqual([1, 2, 4, 8, 8]);
  });
});

describe("a recipe", () => {
  it.each(["sgd", "adam", "adamw"] as const)("makes %s with its rate", (optimizer) => {
    const net = new Linear({ inFeatures: 2, outFeatures: 2 }, Generator.seeded(1));
    expect(makeOptimizer(net.namedParameters(), { ...paper, optimizer }, 0.02).lr).toBe(0.02);
  });

  it.each(["multistep", "cosine", "onecycle", "constant"] as const)(
    "makes the schedule %s, positive throughout",
    (name) => {
      const schedule = makeSchedule({ ...paper, schedule: name }, 10, 0.3);
      const rates = Array.from({ length: 10 }, (_, epoch) => schedule(epoch, 3, 5));
      expect(Math.max(...rates)).toBeLessThanOrEqual(0.3);
      expect(Math.min(...rates)).toBeGreaterThan(0);
    },
  );
});
