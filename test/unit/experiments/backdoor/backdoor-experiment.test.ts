/** From a backdoor experiment to its jobs; what they do is for test/e2e/figure6.test.ts. */
import { describe, expect, it } from "vitest";
import { backdoorCells, type BackdoorSpec } from "../../../../src/experiments/backdoor/backdoor-experiment.ts";
import { figure6, suspects } from "../../../../src/recipes/index.ts";

const quick = figure6({ preset: "quick", seeds: 2, attacks: ["badnets", "sig"] });
const keys = (cells: ReturnType<typeof backdoorCells>, which: "base" | "cleanse"): string[] => [
  ...new Set(cells.map((cell) => cell[which].key)),
];

describe("the cells of a backdoor experiment", () => {
  const cells = backdoorCells(quick);

  it("are every attack, sparsity, way to cleanse and seed, as far as a way goes", () => {
    expect(cells.length).toBe(2 * 2 * (5 + 1));
    expect(cells.filter(({ way }) => way.label === "l1-sparse").every(({ sparsity }) => sparsity === 0)).toBe(true);
    expect(keys(cells, "cleanse")).toHaveLength(cells.length);
  });

  it("of one attack, sparsity and seed start from the same model, others from another", () => {
    expect(keys(cells, "base")).toHaveLength(2 * 2 * 5);
    const [ft, l1] = cells.filter(({ attack, sparsity, seed }) => attack === "sig" && sparsity === 0 && seed === 2);
    expect(ft?.base.key).toBe(l1?.base.key);
    expect(ft?.cleanse.key).not.toBe(l1?.cleanse.key);
  });

  it("are done from a pruned model and the poisoned images", () => {
    const sparse = cells.find(({ sparsity }) => sparsity === 0.9);
    const kinds = (job: (typeof cells)[number]["cleanse"] | undefined): string[] =>
      (job?.after ?? []).map(({ key }) => key.split("-")[0] ?? "").toSorted();
    expect(kinds(sparse?.cleanse)).toEqual(["poison", "prune"]);
    expect(kinds(cells.find(({ sparsity }) => sparsity === 0)?.cleanse)).toEqual(["poison", "train"]);
  });

  it("of other options are other jobs, of another label the same", () => {
    const [cell] = cells;
    const change = (way: Partial<BackdoorSpec["ways"][number]>): string | undefined =>
      backdoorCells({ ...quick, ways: quick.ways.map((each) => ({ ...each, ...way })) })[0]?.cleanse.key;
    expect(change({ label: "fine-tuning" })).toBe(cell?.cleanse.key);
    expect(change({ options: { lr: 0.5 } })).not.toBe(cell?.cleanse.key);
  });
});

it("lists of suspects that are not the truth are jobs of their kind", () => {
  const cells = backdoorCells(suspects({ preset: "quick", seeds: 1 }));
  const lists = cells.map(({ cleanse }) => cleanse.after.find(({ key }) => key.startsWith("suspects-"))?.key);
  expect(lists.every((key) => key !== undefined)).toBe(true);
  expect(new Set(lists).size).toBe(cells.length);
});
