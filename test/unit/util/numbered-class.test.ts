import { expect, it } from "vitest";
import { nameOfClass, numberedClass, numberedClasses } from "../../../src/util/numbered-class.ts";

const names = ["cat", "african elephant ", "", "a\u202eb", "1", 'the "best"', "x".repeat(300)];

it.each([
  [0, "0 (cat)"],
  [1, '1 ("african elephant ")'],
  [2, '2 ("")'],
  [3, '3 ("a\\u202eb")'],
  [4, "4 (1)"],
  [5, '5 ("the \\"best\\"")'],
  [6, `6 ("${"x".repeat(80)}…" (300 characters))`],
  [7, "7"],
])("%i is %s", (number, text) => {
  expect(numberedClass(number, names)).toBe(text);
});

it("gives all of them", () => {
  expect(numberedClasses(["1", "0"])).toBe("0 (1), 1 (0)");
});

it("gives a name alone as it stands in it", () => {
  expect(nameOfClass("cat")).toBe("cat");
  expect(nameOfClass(" cat")).toBe('" cat"');
});
