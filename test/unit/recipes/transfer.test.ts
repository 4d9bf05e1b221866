import { expect, it } from "vitest";
import { quickTransfer } from "../../../src/recipes/transfer.ts";

it("goes from five classes to the other five, and removes fewer than there are", () => {
  const { source, target, counts, seeds } = quickTransfer(2);
  const from = "train" in source ? source.train.data.classes : undefined;
  expect(from).toEqual([0, 1, 2, 3, 4]);
  expect(target.classes).toEqual([5, 6, 7, 8, 9]);
  expect(Math.max(...counts)).toBeLessThan(5);
  expect(seeds).toEqual([1, 2]);
});

it("removes classes by unlearning and by training without them", () => {
  expect(quickTransfer(1).methods.map(({ method }) => method)).toEqual(["l1-sparse", "finetune", "retrain"]);
});
