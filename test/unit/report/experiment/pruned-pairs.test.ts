import { describe, expect, it } from "vitest";
import type { ExperimentRecord, Repetition } from "../../../../src/record/index.ts";
import { prunedPairs } from "../../../../src/report/experiment/pruned-pairs.ts";
import type { Four } from "../made-up-records.ts";
import { madeUpExperiment, madeUpRow, oracle } from "./made-up-experiment.ts";

/** FT from the dense and from the pruned original, by Disparity Ave. of each seed in points. */
function grid(dense: readonly number[], pruned: readonly number[]): ExperimentRecord {
  const scores = (list: readonly number[]): Four[] =>
    list.map((points) => [oracle[0] - (4 * points) / 100, oracle[1], oracle[2], oracle[3]]);
  return madeUpExperiment({
    rows: [
      madeUpRow({ model: "dense", method: "finetune", label: "FT", scores: scores(dense), seconds: 20 }),
      madeUpRow({ model: "omp95", method: "finetune", label: "FT", scores: scores(pruned), seconds: 12 }),
      madeUpRow({ model: "omp95", method: "gradient-ascent", label: "GA", scores: scores(pruned) }),
    ],
  });
}

function withoutInterval(repetition: Repetition): Repetition {
  const { disparityInterval: _, ...rest } = repetition;
  return rest;
}

const outcomes = (record: ExperimentRecord): string[] => prunedPairs(record).map(({ outcome }) => outcome);

describe("pairs of a method from a dense and a pruned original", () => {
  it("hold means over the seeds in common, of methods that were run both ways", () => {
    const [pair, ...others] = prunedPairs(grid([10, 14, 30], [2, 4]));
    expect(others).toEqual([]);
    expect(pair).toMatchObject({ scenario: "class", label: "FT", seconds: { dense: 20, pruned: 12 } });
    expect(pair?.disparity.dense).toBeCloseTo(0.12, 12);
    expect(pair?.disparity.pruned).toBeCloseTo(0.03, 12);
  });

  // Intervals over images are a point to either side: together 1.41 points.
  it.each([
    ["closer", 10, 8],
    ["further", 8, 10],
    ["unclear", 8, 9],
  ])("of one seed are judged by the intervals over images: %s", (outcome, dense, pruned) => {
    expect(outcomes(grid([dense], [pruned]))).toEqual([outcome]);
  });

  it("of several seeds are judged by the spread of the differences", () => {
    expect(outcomes(grid([10, 11, 12], [8, 9.1, 9.9]))).toEqual(["closer"]);
    expect(outcomes(grid([10, 11, 12], [14, 7, 9]))).toEqual(["unclear"]);
  });

  it("do not differ by less than half a point, however sure that is", () => {
    expect(outcomes(grid([10, 11, 12], [9.6, 10.6, 11.6]))).toEqual(["unclear"]);
  });

  it("are unclear without an interval", () => {
    const record = grid([10], [2]);
    const rows = record.rows.map((row) => ({
      ...row,
      repetitions: row.repetitions.map(withoutInterval),
    }));
    expect(outcomes({ ...record, rows })).toEqual(["unclear"]);
  });
});
