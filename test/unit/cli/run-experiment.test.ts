import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CliContext } from "../../../src/cli/context.ts";
import { runBackdoorGrid, withFlags } from "../../../src/cli/run-experiment.ts";
import { backdoorRecipes } from "../../../src/recipes/index.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { tinyGrid } from "../experiments/grid/tiny-grid.ts";

describe("a grid on this machine", () => {
  it("has its data where they are, and the device and engine that are asked for", () => {
    const other = { id: "other", label: "other", data: { name: "cifar10", allowUnverified: false } };
    const same = { id: "same", label: "same", data: { name: "embedded", allowUnverified: false } };
    const grid = tinyGrid({ models: [other, same] });
    const flags = { dataFolder: "/data", allowUnverified: true, device: "cuda", engine: "sparse" } as const;
    const { train, engine, models } = withFlags(grid, flags);
    expect(train.data).toEqual({ ...grid.train.data, folder: "/data", allowUnverified: true });
    expect([train.device, engine]).toEqual(["cuda", "sparse"]);
    // The folder is that of one data set: a model of another one says itself where that is.
    expect(models.map(({ data }) => data)).toEqual([
      { name: "cifar10", allowUnverified: true },
      { name: "embedded", allowUnverified: true, folder: "/data" },
    ]);
  });

  it("is as it was without flags", () => {
    expect(withFlags(tinyGrid(), { device: "cpu" })).toEqual(tinyGrid());
  });
});

it("a grid of cleanses refuses a queue before it writes anything", async () => {
  const [recipe] = Object.values(backdoorRecipes);
  if (recipe === undefined) throw new TypeError("no recipes of cleanses");
  const out = join(temporaryFolder(), "out");
  const jobs = { store: join(out, "jobs"), queue: "redis://host:6379" };
  await expect(
    runBackdoorGrid(recipe({ preset: "quick" }), { out, device: "cpu" }, jobs, {} as CliContext),
  ).rejects.toThrow(/^--queue: expected a recipe whose jobs workers can do/);
  expect(existsSync(out)).toBe(false);
});
