import { expect, it } from "vitest";
import { classNumber } from "../../../src/data/class-number.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const classes = { numClasses: 3, classNames: ["disc", "Ring", "2nd"] };

it.each([
  [0, 0],
  ["1", 1],
  [" ring ", 1],
  ["2ND", 2],
])("takes %o", (wanted, number) => {
  expect(classNumber("target", classes, wanted)).toBe(number);
});

it.each([
  [3, "target: expected 0 to 2 or one of disc, Ring, 2nd, got 3", undefined],
  [1.5, "target: expected 0 to 2 or one of disc, Ring, 2nd, got 1.5", undefined],
  ["rng", 'target: expected 0 to 2 or one of disc, Ring, 2nd, got "rng"', "did you mean Ring?"],
])("refuses %o", (wanted, message, hint) => {
  const error = thrownBy(() => classNumber("target", classes, wanted));
  expect([error.code, error.message, error.hint]).toEqual(["E_ARG", message, hint]);
});
