/** Disparity Ave. from the dense original to the sparse one, on rows made up so that it goes with half of UA. */
import { expect, it } from "vitest";
import { disparityFalls } from "../../../src/findings/disparity-falls.ts";
import type { ExperimentRow } from "../../../src/record/index.ts";
import { madeUpRow } from "../report/experiment/made-up-experiment.ts";
import type { Four } from "../report/made-up-records.ts";

/** Retrain's UA is 1: the larger UA, the smaller the gap. */
function row(model: string, label: string, ua: readonly number[]): ExperimentRow {
  return madeUpRow({ model, method: label, label, scores: ua.map((value): Four => [value, value, 1, 0.5]) });
}

function judged(rows: ExperimentRow[]): ReturnType<typeof disparityFalls.judge> {
  const models = [
    { id: "dense", sparsity: 0 },
    { id: "omp95", sparsity: 0.95, pruner: "omp" },
  ];
  return disparityFalls.judge({ rows, models, scenarios: [{ id: "class", title: "Class-wise", kind: "class" }] });
}

const falls = ["FT", "GA"].flatMap((label) => [
  row("dense", label, [0.2, 0.21, 0.22]),
  row("omp95", label, [0.7, 0.72, 0.71]),
]);

it("is reproduced where it falls on average over rows", () => {
  const { ours, verdict } = judged(falls);
  expect(verdict).toBe("reproduced");
  expect(ours).toMatch(/^fell in 2 of 2 rows, on average over rows by −25\.0 points/);
});

it("is not where it rises on average, or in one row for sure", () => {
  const rises = [row("dense", "IU", [0.5, 0.5, 0.5]), row("omp95", "IU", [0.4, 0.41, 0.4])];
  const mixed = judged([...falls, ...rises]);
  expect(mixed.verdict).toBe("not reproduced");
  expect(mixed.ours).toMatch(/^fell in 2 of 3 rows/);
  expect(judged(rises).verdict).toBe("not reproduced");
});

it("is not testable with one seed, or without the sparse rows", () => {
  expect(judged([row("dense", "FT", [0.2]), row("omp95", "FT", [0.7])]).verdict).toBe("not testable at this scale");
  expect(judged([row("dense", "FT", [0.2, 0.3])])).toEqual({
    ours: "fell in 0 of 0 rows, on average over rows by no values: ",
    verdict: "not testable at this scale",
  });
});
