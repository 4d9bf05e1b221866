import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { allocations } from "../../../src/prune/index.ts";
import type { PruneConfig } from "../../../src/record/index.ts";
import { type PrunePlan, prunePlan, quietContext } from "../../../src/stages/index.ts";
import { rejectionOf } from "../../support/rejection.ts";
import { folderOfRuns, pruneTiny, tinyPruning, trainTiny } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
const original = join(runs, "original");
const said: string[] = [];
const context = quietContext({ log: (message) => void said.push(message) });
const plan = (changes: Partial<PruneConfig> = {}): Promise<PrunePlan> =>
  prunePlan({ ...tinyPruning(original), sparsity: 0.9, flops: 0.07, ...changes }, context);
let made: PrunePlan;

beforeAll(async () => {
  await trainTiny(original);
  made = await plan();
});

describe("a plan of pruning", () => {
  it("writes nothing: no run, and nothing into the original", () => {
    expect(readdirSync(runs)).toEqual(["original"]);
    expect(readdirSync(original)).not.toContain("lock.json");
  });

  it("has every allocation, and shows of one that cannot be had why", () => {
    expect(made.allocations.map(({ name }) => name)).toEqual(allocations.map(({ name }) => name));
    const refused = made.allocations.filter(({ obstacle }) => obstacle !== undefined);
    expect(refused.map(({ name, obstacle }) => [name, obstacle])).toEqual([
      ["n:m", "n:m: expected sparsity 0.25, 0.5 or 0.75 (3:4, 2:4, 1:4), got 0.9"],
    ]);
    expect(refused[0]).toMatchObject({ densities: [], secondsPerStep: 0, speedUp: 0 });
  });

  it("reaches the sparsity with each, and keeps to the budget where the allocation has one", () => {
    const possible = made.allocations.filter(({ obstacle }) => obstacle === undefined);
    for (const { name, sparsity, densities, flops } of possible) {
      expect(sparsity, name).toBeCloseTo(0.9, 2);
      expect(densities, name).toHaveLength(made.layers.length);
      expect(
        densities.every((density) => density >= 0 && density <= 1),
        name,
      ).toBe(true);
      expect(flops, name).toBeGreaterThan(0);
    }
    const flopsOf = (name: string): number => made.allocations.find((found) => found.name === name)?.flops ?? NaN;
    expect(flopsOf("flops")).toBeLessThanOrEqual(0.07);
    expect(flopsOf("global")).toBeGreaterThan(0.07);
  });

  it("shows where the multiplications of the dense network are", () => {
    expect(made.layers[0]).toMatchObject({ name: "conv1.weight", shape: [16, 3, 3, 3] });
    expect(made.layers.reduce((sum, { flops }) => sum + flops, 0)).toBeCloseTo(1, 12);
    const [first, second] = ["layer1.0.conv1.weight", "layer3.0.conv2.weight"].map((name) =>
      made.layers.find((layer) => layer.name === name),
    );
    // 16 x 16 on 32 x 32 positions as much as 64 x 64 on 8 x 8.
    expect(first?.flops).toBeCloseTo(second?.flops ?? NaN, 12);
  });

  it("times a training step, dense and under each mask", () => {
    expect(made).toMatchObject({ model: original, pruner: "omp", sparsity: 0.9, batchSize: 16 });
    expect(made.denseSecondsPerStep).toBeGreaterThan(0);
    for (const { name, secondsPerStep, speedUp, obstacle, engine } of made.allocations) {
      if (obstacle !== undefined) continue;
      expect(secondsPerStep, name).toBeGreaterThan(0);
      expect([engine, speedUp]).toEqual(["dense", made.denseSecondsPerStep / secondsPerStep]);
    }
    expect(said).toEqual(expect.arrayContaining(["timing the dense model", "timing global"]));
  });
});

describe("what cannot be planned", () => {
  it("is a pruner that takes several steps", async () => {
    expect(await rejectionOf(plan({ pruner: "synflow" }))).toMatchObject({
      code: "E_CONFIG",
      message: "--plan: expected a pruner that takes one step, got synflow with 100",
    });
  });

  it("is what cannot be pruned", async () => {
    expect((await rejectionOf(plan({ sparsity: 1 }))).message).toBe("sparsity: expected a number in [0, 1), got 1");
    const pruned = join(runs, "pruned");
    await pruneTiny(original, pruned);
    expect((await rejectionOf(plan({ model: pruned }))).message).toMatch(/expected a dense original to prune/);
  });
});
