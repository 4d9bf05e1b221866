/** From the theory's grid to its jobs; what they measure is for test/e2e/theory.test.ts. */
import { describe, expect, it } from "vitest";
import { theoryJobs, type TheorySpec } from "../../../../src/experiments/theory/theory.ts";
import { quickTheory } from "../../../../src/recipes/index.ts";

const spec: TheorySpec = { ...quickTheory(2), sparsities: [0, 0.9] };
const jobs = theoryJobs(spec);
const keysOf = (change: Partial<TheorySpec>): string[] => theoryJobs({ ...spec, ...change }).map(({ key }) => key);

describe("the jobs of the theory", () => {
  it("are a point for every seed, optimiser and sparsity", () => {
    expect(jobs).toHaveLength(2 * spec.optimizers.length * 2);
    expect(new Set(jobs.map(({ key }) => key)).size).toBe(jobs.length);
  });

  it("need the original, the pruned model, Retrain and gradient ascent, sharing the original over sparsities", () => {
    const [dense, sparse] = jobs;
    const kinds = (job: (typeof jobs)[number] | undefined): string[] =>
      (job?.after ?? []).map(({ key }) => key.split("-")[0] ?? "");
    expect(kinds(dense)).toEqual(["train", "train", "forget", "forget"]); // the dense original is the model itself
    expect(kinds(sparse)).toEqual(["train", "prune", "forget", "forget"]);
    expect(sparse?.after[0]?.key).toBe(dense?.after[0]?.key);
  });

  it("are others where what is measured differs", () => {
    const keys = jobs.map(({ key }) => key);
    expect(keysOf({})).toEqual(keys);
    for (const change of [{ hessianImages: 7 }, { ascent: { ...spec.ascent, lr: 9 } }])
      expect(keysOf(change).filter((key) => keys.includes(key))).toEqual([]);
  });
});
