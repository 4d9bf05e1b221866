import { expect, it } from "vitest";
import { given } from "../../../src/util/given.ts";

it("leaves out what is undefined, and keeps the order and every other value", () => {
  const values = given({ seed: 0, folder: undefined, name: "", augment: false, options: null });
  expect(Object.entries(values)).toEqual([
    ["seed", 0],
    ["name", ""],
    ["augment", false],
    ["options", null],
  ]);
});
