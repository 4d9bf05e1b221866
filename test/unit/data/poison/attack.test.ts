import { expect, it } from "vitest";
import { attackOptions, toPixel } from "../../../../src/data/poison/attack.ts";
import { badnets } from "../../../../src/data/poison/badnets.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

it("fills in defaults", () => {
  expect(attackOptions(badnets, { size: 3, margin: undefined })).toEqual({ size: 3, margin: 2, value: 0 });
});

it.each([
  [{ sise: 3 }, "badnets: expected one of its options (size, margin, value), got sise", "did you mean size?"],
  [{ size: 0 }, "badnets size: expected an integer >= 1 and <= 65535, got 0", undefined],
  [{ size: 2.5 }, "badnets size: expected an integer >= 1 and <= 65535, got 2.5", undefined],
  [{ value: 256 }, "badnets value: expected an integer >= 0 and <= 255, got 256", undefined],
  [{ value: NaN }, "badnets value: expected an integer >= 0 and <= 255, got NaN", undefined],
  [{ size: Infinity }, "badnets size: expected an integer >= 1 and <= 65535, got Infinity", undefined],
])("refuses %o", (given, message, hint) => {
  const error = thrownBy(() => attackOptions(badnets, given as Record<string, number>));
  expect([error.code, error.message, error.hint]).toEqual(["E_ARG", message, hint]);
});

it("makes pixels of numbers", () => {
  expect([-3, 0.4, 0.5, 254.6, 300].map(toPixel)).toEqual([0, 0, 1, 255, 255]);
});
