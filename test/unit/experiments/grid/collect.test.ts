import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { collectRows, collectTests } from "../../../../src/experiments/grid/collect.ts";
import { type Cell, expandGrid } from "../../../../src/experiments/grid/expand.ts";
import { JobStore } from "../../../../src/jobs/job-store.ts";
import type { EvaluationRecord } from "../../../../src/record/index.ts";
import { evaluationRecord, type Four } from "../../report/made-up-records.ts";
import { finish } from "./finished-cells.ts";
import { tinyGrid } from "./tiny-grid.ts";

const grid = tinyGrid({ seeds: [1, 2, 3] });
const cells = expandGrid(grid);
const oracle: Four = [0.5, 0.6, 1, 0.4];

const scored = (model: Four): EvaluationRecord => evaluationRecord({ model, oracle });
const ft = (model: string, seed: number): Cell =>
  cells.find((cell) => cell.model.id === model && cell.label === "FT" && cell.seed === seed)!;

describe("rows of a grid", () => {
  const folder = mkdtempSync(join(tmpdir(), "coppice-collect-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const store = new JobStore(folder, 60);
  for (const [seed, ua] of [
    [1, 0.1],
    [2, 0.3],
  ] as const) {
    finish(store, ft("dense", seed), scored([ua, 0.6, 1, 0.4]), 0.01 * seed);
    finish(store, ft("omp9", seed), scored([seed === 1 ? ua + 0.2 : ua + 0.1, 0.6, 1, 0.4]), 0.02);
  }
  const rows = collectRows(grid, cells, store);
  const row = rows.find(({ model, label }) => model === "dense" && label === "FT");

  it("hold what is done, and miss what is not", () => {
    expect(rows).toHaveLength(6);
    expect(row?.repetitions.map(({ seed }) => seed)).toEqual([1, 2]);
    expect(rows.find(({ label }) => label === "Retrain")?.summary).toBeUndefined();
  });

  it("summarise scores, gaps and Disparity Ave. over seeds", () => {
    expect(row?.summary?.UA.mean).toBeCloseTo(0.2, 12);
    expect(row?.summary?.UA.deviation).toBeCloseTo(Math.SQRT2 / 10, 12);
    expect(row?.summary?.gaps?.UA.mean).toBeCloseTo(-0.3, 12);
    expect(row?.summary?.disparity?.mean).toBeCloseTo(0.3 / 4, 12);
    // t_1(0.975) = 12.7062
    expect(row?.summary?.UA.interval?.[1]).toBeCloseTo(0.2 + 12.7062 * 0.1, 4);
    expect(row?.summary?.originalTrainLoss.mean).toBeCloseTo(0.015, 12);
    expect(row?.options).toEqual({ epochs: 1, lr: 0.01 });
  });

  it("are tested pair by pair over the seeds in common", () => {
    const [test] = collectTests(grid, rows);
    expect(test).toMatchObject({ scenario: "random", score: "disparity" });
    // Differences −0.05 and −0.025: t = 3 with one degree of freedom, p = 1 − 2 arctan(3) / π.
    expect(test?.p).toBeCloseTo(1 - (2 * Math.atan(3)) / Math.PI, 8);
    expect(test?.difference.mean).toBeCloseTo(-0.0375, 12);
    expect(test?.difference.n).toBe(2);
  });
});
