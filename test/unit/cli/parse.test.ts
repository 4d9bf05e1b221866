import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "@commander-js/extra-typings";
import {
  conditionOption,
  fractionOption,
  matchOption,
  choiceOption,
  countOption,
  engineOption,
  integerOption,
  numberOption,
  numbersOption,
  precisionOption,
} from "../../../src/cli/parse.ts";

describe("values of options", () => {
  it("are numbers as JavaScript writes them", () => {
    expect(numberOption("5e-4")).toBe(0.0005);
    expect(numberOption("-1")).toBe(-1);
    expect(integerOption("1e3")).toBe(1000);
    expect(countOption("1")).toBe(1);
    expect(numbersOption("0,0.5, 0.75")).toEqual([0, 0.5, 0.75]);
    expect(numbersOption("")).toEqual([]);
  });

  it.each([
    [numberOption, "", "expected a number"],
    [numberOption, " ", "expected a number"],
    [numberOption, "0.1x", "expected a number"],
    [numberOption, "NaN", "expected a number"],
    [integerOption, "1.5", "expected a whole number"],
    [integerOption, "9007199254740993", "expected a whole number"],
    [countOption, "0", "expected a whole number of at least 1"],
    [numbersOption, "0.5,,1", "expected a number"],
    [engineOption, "fast", "expected one of auto, sparse, dense"],
    [precisionOption, "float16", "expected one of float32, bf16"],
  ])("%o refuses %j", (parse, text, message) => {
    expect(() => parse(text)).toThrow(InvalidArgumentError);
    expect(() => parse(text)).toThrow(message);
  });

  it("are one of some choices", () => {
    const parse = choiceOption(["small", "large"] as const);
    expect(parse("large")).toBe("large");
    expect(() => parse("Large")).toThrow("expected one of small, large");
    expect(engineOption("sparse")).toBe("sparse");
    expect(precisionOption("bf16")).toBe("bf16");
  });
});

describe("what to forget", () => {
  it("a fraction is no percentage", () => {
    expect(fractionOption("0.1")).toBe(0.1);
    expect(() => fractionOption("10%")).toThrow("expected a fraction: for 10 % give 0.1.");
    expect(() => fractionOption("x")).toThrow("expected a number.");
  });

  it("conditions add up, and are cut at the first sign", () => {
    expect(conditionOption("a=b=c", conditionOption("d="))).toEqual({ a: "b=c", d: "" });
    expect(() => conditionOption("=b")).toThrow("expected column=value");
    expect(() => conditionOption("ab")).toThrow("expected column=value");
    expect(() => conditionOption("a=c", { a: "b" })).toThrow("expected each column once.");
  });

  it("transformations are named by commas", () => {
    expect(matchOption("case, filename")).toEqual(["case", "filename"]);
    expect(() => matchOption("case,files")).toThrow("expected one of trimmed, unicode");
  });
});
