import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { prune, pruneConfig } from "../../../src/library/index.ts";
import { definePruner, omp } from "../../../src/prune/index.ts";
import { pruneDefaults } from "../../../src/record/index.ts";
import { folderOfRuns, trainTiny } from "../../support/tiny-runs.ts";

const folder = folderOfRuns();

it("has the settings of the table where nothing is given", () => {
  expect(pruneConfig("runs/a", {})).toEqual({ ...pruneDefaults, model: "runs/a" });
});

it("has what is given, and no word of what is not", () => {
  const config = pruneConfig("runs/a", { sparsity: 0.5, rewind: "final", epochs: 0 });
  expect(config).toMatchObject({ sparsity: 0.5, rewind: "final", epochs: 0 });
  expect(Object.keys(config)).not.toContain("rate");
});

it("prunes a run by a pruner of one's choice, whose name its record has", async () => {
  const original = join(folder, "original");
  await trainTiny(original);
  const pruner = definePruner({ ...omp, name: "my-omp" });
  const { record } = await prune(
    original,
    { pruner, sparsity: 0.5, epochs: 1, engine: "dense" },
    join(folder, "pruned"),
  );
  expect(record.plugins).toEqual([{ kind: "pruner", name: "my-omp" }]);
  expect(record.mask?.sparsity).toBeCloseTo(0.5, 3);
});

it("does not replace the model that it reads", async () => {
  const original = join(folder, "kept");
  await trainTiny(original);
  await expect(prune(original, { sparsity: 0.5, engine: "dense" }, original, { force: true })).rejects.toThrow(
    /expected a place apart from .*kept, which is read, got the same/,
  );
  expect(existsSync(join(original, "model.safetensors"))).toBe(true);
});
