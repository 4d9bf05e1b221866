import { describe, expect, it } from "vitest";
import {
  expectChoice,
  expectFinite,
  expectInteger,
  expectNonNegative,
  expectPositive,
  expectRange,
  nearest,
} from "../../../src/util/assert.ts";
import { CoppiceError } from "../../../src/util/errors.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const notNumbers = ["1", null, undefined, {}, 1n] as unknown as number[];

/** Refused with E_ARG, naming the argument, what was expected and what came. */
function expectRefused(check: () => void, message: string): void {
  const error = thrownBy(check);
  expect(error).toBeInstanceOf(CoppiceError);
  expect(error).toMatchObject({ code: "E_ARG", message });
}

describe("checks of numbers", () => {
  it.each([
    () => [0, -1.5, Number.MAX_VALUE].forEach((value) => expectFinite("x", value)),
    () => expectPositive("x", Number.MIN_VALUE),
    () => expectNonNegative("x", 0),
    () => [0, 0.5, 1].forEach((value) => expectRange("x", value, 0, 1)),
    () => expectRange("x", 0, 0, 1, true),
    () => [-3, 0, Number.MAX_SAFE_INTEGER].forEach((value) => expectInteger("x", value)),
    () => expectInteger("x", 3, { min: 3, max: 3 }),
  ])("take what is in range: %s", (check) => {
    expect(check).not.toThrow();
  });

  it.each([NaN, Infinity, -Infinity, ...notNumbers])("refuse %s", (value) => {
    for (const check of [expectFinite, expectPositive, expectNonNegative, expectInteger]) {
      expect(() => check("x", value)).toThrow(CoppiceError);
    }
    expect(() => expectRange("x", value, 0, 1)).toThrow(CoppiceError);
  });

  it("say where, what and what came instead", () => {
    expectRefused(() => expectFinite("lr", NaN), "lr: expected a finite number, got NaN");
    expectRefused(() => expectPositive("lr", 0), "lr: expected a finite number > 0, got 0");
    expectRefused(() => expectNonNegative("gamma", -1), "gamma: expected a finite number >= 0, got -1");
    expectRefused(() => expectRange("share", 1.5, 0, 1), "share: expected a number in [0, 1], got 1.5");
    expectRefused(() => expectRange("sparsity", 1, 0, 1, true), "sparsity: expected a number in [0, 1), got 1");
    expectRefused(() => expectInteger("epochs", 1.5), "epochs: expected an integer, got 1.5");
    expectRefused(() => expectInteger("epochs", 0, { min: 1 }), "epochs: expected an integer >= 1, got 0");
    expectRefused(() => expectInteger("k", 9, { min: 1, max: 8 }), "k: expected an integer >= 1 and <= 8, got 9");
  });

  it("refuse integers that doubles cannot tell apart", () => {
    expect(() => expectInteger("seed", 2 ** 53)).toThrow(CoppiceError);
  });
});

describe("expectChoice", () => {
  const names = ["finetune", "retrain", "l1-sparse"] as const;

  it("gives the choice back", () => {
    expect(expectChoice("method", "retrain", names)).toBe("retrain");
  });

  it("lists the choices and suggests the nearest", () => {
    const message = 'method: expected one of finetune, retrain, l1-sparse, got "fine-tune"';
    expect(thrownBy(() => expectChoice("method", "fine-tune", names))).toMatchObject({
      code: "E_ARG",
      message,
      hint: "did you mean finetune?",
    });
  });

  it("suggests nothing when nothing is near", () => {
    expect(thrownBy(() => expectChoice("method", "zzzzzzzzzzzz", names))).toMatchObject({ hint: undefined });
  });
});

describe("nearest", () => {
  it.each<[string, string | undefined]>([
    ["epchs", "epochs"], // one letter left out
    ["eopchs", "epochs"], // two swapped
    ["Seed", "seed"], // another case
    ["sede", "seed"],
    ["", undefined],
    ["quantisation", undefined],
  ])("%j -> %s", (word, expected) => {
    expect(nearest(word, ["epochs", "seed", "batch-size"])).toBe(expected);
  });

  it("has nothing to suggest without candidates", () => {
    expect(nearest("seed", [])).toBeUndefined();
  });
});
