import { expect, it } from "vitest";
import { nothingToCleanse } from "../../../src/findings/nothing-to-cleanse.ts";
import { cellOf } from "./made-up-cells.ts";

it("says once a sparsity that there is nothing to cleanse, with every seed at or below 95 %", () => {
  const before = [0.95, 0.99];
  const after = [0.5, 0.5];
  expect(nothingToCleanse([cellOf({ before, after }), cellOf({ label: "l1-sparse", before, after })])).toEqual([
    "nothing to cleanse: badnets, dense, has an attack success of 95 % with seed 1 (1 of 2 seeds) before, where more than 95 % is asked for",
  ]);
  const sig = cellOf({ attack: "sig", sparsity: 0.9, before: [0.5, 0.9499], after });
  expect(nothingToCleanse([sig])).toEqual([
    "nothing to cleanse: sig, sparsity 0.9, has an attack success of 50 % with seed 1, 94.99 % with seed 2 before, where more than 95 % is asked for",
  ]);
});

it("is silent where the backdoor was planted, and of a cell without seeds", () => {
  expect(nothingToCleanse([cellOf({ before: [0.96], after: [0] }), cellOf({ before: [], after: [] })])).toEqual([]);
});
