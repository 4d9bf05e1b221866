import { expect, it } from "vitest";
import { groupBy, mean } from "../../../src/util/lists.ts";

it("groups keep the order of groups and of items", () => {
  expect(groupBy([3, 1, 4, 1, 5, 9, 2, 6], (n) => (n % 2 === 0 ? "even" : "odd"))).toEqual([
    [3, 1, 1, 5, 9],
    [4, 2, 6],
  ]);
  expect(groupBy([], String)).toEqual([]);
});

it("means", () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(mean([])).toBeNaN();
});
