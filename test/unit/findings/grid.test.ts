import { expect, it } from "vitest";
import { differences, rowOf } from "../../../src/findings/grid.ts";
import { madeUpRow } from "../report/experiment/made-up-experiment.ts";

const dense = madeUpRow({
  model: "dense",
  method: "finetune",
  label: "FT",
  scores: [
    [0.1, 0.2, 0.9, 0.8],
    [0.3, 0.2, 0.9, 0.8],
  ],
});
const sparse = madeUpRow({ model: "omp95", method: "finetune", label: "FT", scores: [[0.6, 0.2, 0.9, 0.8]] });

it("finds a row by scenario, model and label", () => {
  const { scenario } = sparse;
  expect(rowOf({ rows: [dense, sparse] }, { scenario, model: "omp95", label: "FT" })).toBe(sparse);
  expect(rowOf({ rows: [dense, sparse] }, { scenario, model: "omp95", label: "GA" })).toBeUndefined();
});

it("subtracts seed by seed, where both have the seed and the value", () => {
  expect(differences(sparse, dense, ({ scores }) => scores.UA)).toEqual([0.6 - 0.1]);
  expect(differences(sparse, undefined, ({ scores }) => scores.UA)).toEqual([]);
  expect(differences(sparse, dense, () => undefined)).toEqual([]);
});
