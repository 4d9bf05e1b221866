import { describe, expect, it } from "vitest";
import { expandGrid } from "../../../../src/experiments/grid/expand.ts";
import { inOrder } from "../../../../src/jobs/job.ts";
import type { StageJob } from "../../../../src/jobs/stage-jobs/index.ts";
import type { GridSpec } from "../../../../src/experiments/grid/spec.ts";
import { recipeNamed, recipeNames } from "../../../../src/recipes/index.ts";
import { methodNamed, type OptionValues, presetValues, resolveOptions } from "../../../../src/unlearn/index.ts";
import { tinyGrid } from "./tiny-grid.ts";

const keysOf = (spec: GridSpec): string[] =>
  inOrder(expandGrid(spec).map(({ evaluation }) => evaluation)).map(({ key }) => key);
const shared = (a: GridSpec, b: GridSpec): number => keysOf(a).filter((key) => keysOf(b).includes(key)).length;

describe("a grid", () => {
  it("has a cell for each scenario, model, row and seed, with the model itself and Retrain", () => {
    const cells = expandGrid(tinyGrid({ seeds: [1, 2] }));
    expect(cells.map(({ model, label, seed }) => `${model.id} ${label} ${seed}`)).toEqual([
      "dense Original 1",
      "dense Original 2",
      "dense Retrain 1",
      "dense Retrain 2",
      "dense FT 1",
      "dense FT 2",
      "omp9 Original 1",
      "omp9 Original 2",
      "omp9 Retrain 1",
      "omp9 Retrain 2",
      "omp9 FT 1",
      "omp9 FT 2",
    ]);
    // Each seed: an original and a pruned one, Retrain and FT of both, and six evaluations.
    expect(keysOf(tinyGrid({ seeds: [1, 2] }))).toHaveLength(2 * (1 + 1 + 4 + 6));
  });

  it("does what belongs to a model or a scenario there only", () => {
    const [row] = tinyGrid().rows;
    const cells = expandGrid(tinyGrid({ rows: [{ ...row!, models: ["omp9"] }] }));
    expect(cells.filter(({ label }) => label === "FT").map(({ model }) => model.id)).toEqual(["omp9"]);
    expect(
      expandGrid(tinyGrid({ rows: [{ ...row!, scenarios: ["random"] }] })).some(({ label }) => label === "FT"),
    ).toBe(true);
  });

  it("shares its stages with grids that need the same", () => {
    const grid = tinyGrid();
    expect(shared(grid, tinyGrid({ name: "other", notes: ["other"], findings: [] }))).toBe(keysOf(grid).length);
    // Other options: originals and Retrains, and their evaluations, are the same.
    const [row] = grid.rows;
    expect(shared(grid, tinyGrid({ rows: [{ ...row!, options: { epochs: 2 } }] }))).toBe(keysOf(grid).length - 4);
    expect(shared(grid, tinyGrid({ seeds: [2] }))).toBe(0);
    expect(shared(grid, tinyGrid({ engine: "sparse" }))).toBe(1); // the original
  });

  it("names its stages by what the data are, not by where they lie", () => {
    const grid = tinyGrid();
    const elsewhere = { ...grid, train: { ...grid.train, data: { ...grid.train.data, folder: "/elsewhere" } } };
    expect(keysOf(elsewhere)).toEqual(keysOf(grid));
    const fewer = { ...grid, train: { ...grid.train, data: { ...grid.train.data, numTrain: 50 } } };
    expect(shared(grid, fewer)).toBe(0);
  });

  it("may have models of other data and other architectures", () => {
    const { train, models } = tinyGrid();
    const [dense, omp] = models;
    const data = { name: "embedded", allowUnverified: true, seed: 5, folder: "/elsewhere" };
    const other = { ...dense!, id: "other", data };
    const wide = { ...omp!, id: "wide", arch: "resnet18", stem: "imagenet" } as const;
    const grid = tinyGrid({ models: [dense!, other, wide], tests: [] });
    const alone = (changes: Partial<GridSpec>): GridSpec => tinyGrid({ models: [dense!], tests: [], ...changes });
    const trainOf = (id: string): StageJob["train"] =>
      expandGrid(grid).find(({ model }) => model.id === id)!.base.train;
    expect(trainOf("dense")).toEqual(train);
    expect(trainOf("other")).toEqual({ ...train, data });
    expect(trainOf("wide")).toEqual({ ...train, arch: "resnet18", stem: "imagenet" });
    // Nothing is shared between them, also where only the data differ, and each is what a grid of its own has.
    expect(new Set(keysOf(grid)).size).toBe(6 + 6 + 7);
    expect(shared(grid, alone({}))).toBe(6);
    expect(shared(grid, alone({ train: { ...train, data } }))).toBe(6);
    expect(shared(grid, alone({ models: [omp!], train: { ...train, arch: "resnet18", stem: "imagenet" } }))).toBe(7);
  });

  it.each<[Partial<GridSpec>, RegExp]>([
    [{ seeds: [] }, /tiny: expected seeds, got none/],
    [{ seeds: [1, 1] }, /seeds: expected different ones, got 1 twice/],
    [{ rows: [{ method: "finetun", options: {} }] }, /method: expected .*finetune/],
    [{ rows: [{ method: "finetune", options: {}, models: ["big"] }] }, /model: expected one of dense, omp9, got big/],
    [{ rows: [{ method: "finetune", options: {}, scenarios: ["all"] }] }, /scenario: expected one of random, got all/],
    [
      {
        models: [
          {
            id: "both",
            label: "both",
            sharding: { shards: 2, slices: 1 },
            prune: { pruner: "omp", sparsity: 0.9 },
          },
        ],
        rows: [],
      },
      /both: expected one network to prune, got an ensemble of shards/,
    ],
  ])("is refused where it does not hold together: %o", (changes, message) => {
    expect(() => expandGrid(tinyGrid(changes))).toThrow(message);
  });
});

describe("the scale of the paper", () => {
  const spec = recipeNamed("table1")({ preset: "paper" });

  it("is ResNet-18 on 45,000 images of CIFAR-10, 182 epochs in batches of 256, ten seeds", () => {
    expect(spec.train).toMatchObject({
      data: { name: "cifar10" },
      split: { validationFraction: 0.1 },
      arch: "resnet18",
      recipe: { epochs: 182, batchSize: 256, lr: 0.1, momentum: 0.9, weightDecay: 5e-4, milestones: [0.5, 0.75] },
      rewindEpoch: 8,
    });
    expect(spec.train.data).not.toHaveProperty("numTrain");
    expect(spec.seeds).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(spec.models.map(({ prune }) => prune)).toEqual([undefined, { pruner: "omp", sparsity: 0.95 }]);
  });

  it.each([
    ["finetune", { epochs: 10, lr: 0.01 }, { epochs: 10, lr: 0.04 }],
    ["gradient-ascent", { epochs: 5, lr: 1e-4 }, { epochs: 5, lr: 1e-3 }],
    ["fisher", { alpha: 3e-8, variant: "reference" }, { alpha: 3e-8, variant: "reference" }],
    [
      "influence",
      { alpha: 1, samples: 1000, variant: "reference" },
      { alpha: 10, samples: 1000, variant: "reference" },
    ],
    ["l1-sparse", { epochs: 10, lr: 0.01, gamma: 1e-4, schedule: "decay", solver: "subgradient" }, { gamma: 1e-4 }],
  ])("has the published options of %s, class-wise and random", (method, classWise, random) => {
    const given = spec.rows.find((row) => row.method === method)?.options;
    expect(optionsOf(method, "class", given)).toMatchObject(classWise);
    expect(optionsOf(method, "random", given)).toMatchObject(random);
  });

  it("says where it differs from the published runs", () => {
    expect(spec.notes.join(" ")).toMatch(/160 for 182.*all 182 again.*best validation accuracy/);
    expect(recipeNamed("table1")({ preset: "standard" }).notes.join(" ")).toMatch(/60 epochs.*3 seeds.*160 for 182/);
  });
});

/** What a row of the paper's scale runs with: what it gives goes before presets, these before defaults. */
function optionsOf(method: string, scenario: "class" | "random", given: OptionValues = {}): OptionValues {
  const found = { data: "cifar10", arch: "resnet18", scenario, sparsity: "dense" } as const;
  const preset = presetValues(method, found, given).map(({ option, value }) => [option, value]);
  return resolveOptions(method, methodNamed(method).options, { ...Object.fromEntries(preset), ...given }, {});
}

describe("every recipe", () => {
  it.each(
    recipeNames.flatMap((name) => (["quick", "standard", "paper"] as const).map((preset) => [name, preset] as const)),
  )("%s expands at the scale %s", (name, preset) => {
    const spec = recipeNamed(name)({ preset, seeds: 2 });
    expect(spec.name).toBe(name);
    expect(spec.seeds).toEqual([1, 2]);
    expect(expandGrid(spec).length).toBeGreaterThan(5);
  });

  it("of all methods holds every one that forgets, and no defence against backdoors", () => {
    const methods = recipeNamed("methods")({ preset: "quick" }).rows.map(({ method }) => method);
    expect(methods).toEqual(
      expect.arrayContaining(["finetune", "gradient-ascent", "boundary-shrink", "unsir", "sisa"]),
    );
    expect(methods.filter((name) => ["retrain", "clp", "anp", "i-bau", "fine-pruning"].includes(name))).toEqual([]);
  });

  it("of all methods has SISA forget from an ensemble, and nothing else", () => {
    const cells = expandGrid(recipeNamed("methods")({ preset: "quick", seeds: 1 }));
    const ofShards = cells.filter(({ model }) => model.sharding !== undefined);
    expect(new Set(ofShards.map(({ method }) => method))).toEqual(new Set(["original", "retrain", "sisa"]));
    for (const { base } of ofShards) expect(base.train).toMatchObject({ sharding: { shards: 5, slices: 4 } });
    expect(cells.filter(({ method, model }) => method === "sisa" && model.sharding === undefined)).toEqual([]);
  });

  it("shares originals and oracles: figure 5 is part of the main table", () => {
    const options = { preset: "quick", seeds: 1 } as const;
    const [table, figure] = [recipeNamed("table1")(options), recipeNamed("figure5")(options)];
    expect(shared(figure, table)).toBe(keysOf(figure).length);
  });
});
