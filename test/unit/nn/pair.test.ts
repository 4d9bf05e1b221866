import { expect, it } from "vitest";
import { toPair } from "../../../src/nn/pair.ts";

it("takes one number for both or one each", () => {
  expect(toPair("size", 3, 1)).toEqual([3, 3]);
  expect(toPair("size", [1, 2], 1)).toEqual([1, 2]);
});

it("names what is wrong", () => {
  expect(() => toPair("size", [1, 0], 1)).toThrow("size: expected an integer >= 1, got 0");
});
