import { expect, it } from "vitest";
import { theoryBound, type TheoryPoint } from "../../../../src/record/index.ts";
import { theoryRows } from "../../../../src/report/index.ts";

const point: TheoryPoint = {
  optimizer: "SGD",
  sparsity: 0.5,
  seed: 1,
  error: 2,
  distance: 3,
  sigma: 5,
  sigmaConverged: true,
  steps: 7,
  lr: 0.1,
  trainLoss: 1,
};

it("gathers seeds into rows, each a mean, in the order of the points", () => {
  const points = [point, { ...point, sparsity: 0.9 }, { ...point, seed: 2, error: 4, sigma: 15 }];
  expect(theoryRows({ points }).map(({ sparsity, n, error, sigma }) => [sparsity, n, error, sigma])).toEqual([
    [0.5, 2, 3, 10],
    [0.9, 1, 2, 5],
  ]);
  expect(theoryBound(point)).toBeCloseTo(0.01 * 7 * 3 * 5, 12);
});
