import { expect, it } from "vitest";
import { checkScores, globalMask, roundHalfEven } from "../../../src/prune/global-mask.ts";
import { scope, tensor } from "../../../src/torch/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const scores = new Map([
  ["a.weight", tensor([2, 1, 2], { dtype: "float32" })],
  ["b.weight", tensor([2, 5], { dtype: "float32" })],
]);

it("ranks all layers together, and removes equal scores in parameter order", () => {
  scope(() => {
    const keptAt = (sparsity: number): number[][] =>
      [...globalMask(scores, sparsity).toState().values()].map((kept) => kept.toArray());
    expect(keptAt(0)).toEqual([
      [1, 1, 1],
      [1, 1],
    ]);
    expect(keptAt(0.4)).toEqual([
      [0, 0, 1],
      [1, 1],
    ]);
    expect(keptAt(0.6)).toEqual([
      [0, 0, 0],
      [1, 1],
    ]);
  });
});

it.each([-0.1, 1, NaN])("refuses sparsity %s", (sparsity) => {
  expect(thrownBy(() => globalMask(scores, sparsity))).toMatchObject({ code: "E_ARG" });
});

it.each([NaN, Infinity])("refuses a score of %s in any layer", (value) => {
  const broken = new Map([...scores, ["c.weight", tensor([1, value], { dtype: "float32" })] as const]);
  expect(thrownBy(() => checkScores(broken))).toMatchObject({
    code: "E_DATA",
    message: "pruning scores: expected finite numbers, got NaN or infinity",
  });
  expect(() => checkScores(scores)).not.toThrow();
});

it("rounds halves to the even number, as Python does", () => {
  expect([0.5, 1.5, 2.5, 2.4, 2.6, 3].map(roundHalfEven)).toEqual([0, 2, 2, 2, 3, 3]);
});
