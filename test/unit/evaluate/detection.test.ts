import { expect, it } from "vitest";
import { detectionScores } from "../../../src/evaluate/detection.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it("counts suspects that are poisoned", () => {
  const scores = detectionScores([1, 2, 3, 9], [2, 3, 4, 5, 6]);
  expect([scores.poisoned, scores.found]).toEqual([5, 2]);
  expect(scores.precision).toMatchObject({ value: 0.5, count: 4, direction: "higher" });
  expect(scores.recall).toMatchObject({ value: 0.4, count: 5, direction: "higher" });
});

it("refuses empty lists", () => {
  expect(thrownBy(() => detectionScores([], [1])).code).toBe("E_ARG");
  expect(thrownBy(() => detectionScores([1], [])).code).toBe("E_ARG");
});
