import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RecipeConfig } from "../../../src/stages/index.ts";
import {
  defaultRewindEpoch,
  describeRate,
  fromEpoch,
  makeOptimizer,
  makeSchedule,
  trainingRecipe,
} from "../../../src/stages/recipe.ts";
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

describe("what the rate does", () => {
  const shares = fc.array(fc.double({ min: 0.001, max: 0.999, noNaN: true }), { maxLength: 4 });

  it("begins with the full rate after the warm-up, whatever the milestones and however few epochs", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 19 }),
        shares,
        fc.nat({ max: 5 }),
        fc.integer({ min: 1, max: 9 }),
        (more, milestones, warmup, steps) => {
          const epochs = 1 + more;
          const warmupEpochs = Math.min(warmup, epochs);
          const schedule = makeSchedule({ ...paper, milestones, warmupEpochs }, epochs, 0.1);
          const rates = Array.from({ length: epochs * steps }, (_, i) =>
            schedule(Math.floor(i / steps), i % steps, steps),
          );
          expect(Math.max(...rates)).toBeCloseTo(0.1, 12);
          if (warmupEpochs === 0) expect(rates[0]).toBe(0.1);
          if (epochs === 1) expect(new Set(rates)).toEqual(new Set([0.1]));
        },
      ),
    );
  });

  it("moves no milestone that comes after the first epoch", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), shares, (epochs, milestones) => {
        const schedule = makeSchedule({ ...paper, milestones }, epochs);
        const drops = (epoch: number): number =>
          milestones.filter((share) => Math.floor(share * epochs) <= epoch).length;
        for (let epoch = 1; epoch < epochs; epoch++) expect(schedule(epoch, 0, 7)).toBe(0.1 * 0.1 ** drops(epoch));
      }),
      { numRuns: 50 },
    );
  });

  it.each<[Partial<RecipeConfig>, number, string]>([
    [{}, 182, "learning rate 0.1, × 0.1 after epochs 91 and 136"],
    [{ milestones: [0.5] }, 4, "learning rate 0.1, × 0.1 after epoch 2"],
    [{}, 2, "learning rate 0.1, × 0.01 after epoch 1"],
    [{}, 1, "learning rate 0.1, constant"],
    [{ milestones: [] }, 9, "learning rate 0.1, constant"],
    [{ schedule: "constant", warmupEpochs: 2 }, 9, "learning rate 0.1, constant, warm-up of 2 epochs"],
    [{ schedule: "cosine", warmupEpochs: 1 }, 9, "learning rate 0.1, falling along a cosine, warm-up of 1 epoch"],
    [{ schedule: "onecycle", warmupEpochs: 0 }, 9, "learning rate 0.1, the highest of one cycle"],
    [{ warmupEpochs: 1 }, 1, "learning rate 0.1, constant, warm-up of 0 epochs (1 were asked for)"],
  ])("is said in a line: %j over %i epochs", (change, epochs, line) => {
    expect(describeRate({ ...paper, ...change }, epochs)).toBe(line);
  });

  it("is told once by what methods train with, and again when it changes", () => {
    const said: string[] = [];
    const recipe = trainingRecipe(paper, (line) => void said.push(line));
    const net = new Linear({ inFeatures: 2, outFeatures: 2 }, Generator.seeded(1));
    for (const epochs of [182, 182, 1]) recipe.fit(net.namedParameters(), epochs, 0.1);
    expect(said).toEqual(["learning rate 0.1, × 0.1 after epochs 91 and 136", "learning rate 0.1, constant"]);
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
