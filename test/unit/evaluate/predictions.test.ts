import { describe, expect, it } from "vitest";
import { checkPrediction, firstOf } from "../../../src/evaluate/predictions.ts";
import { tensor } from "../../../src/torch/index.ts";
import type { Prediction } from "../../../src/train/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { prediction } from "./samples.ts";

const good = prediction(
  [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  [0, 1, 0],
);

describe("checkPrediction", () => {
  it("accepts what a model says", () => {
    expect(() => checkPrediction("forget", good)).not.toThrow();
  });

  const cases: [string, Prediction, string, RegExp][] = [
    ["no images", prediction([[1, 2]], [0], 0), "E_ARG", /^test: expected at least one image, got none/],
    ["a label too many", { ...good, labels: tensor([0, 1], { dtype: "int64" }) }, "E_SHAPE", /got \[3, 2\] and \[2\]/],
    ["logits of one image", { ...good, logits: tensor([1, 2, 3]) }, "E_SHAPE", /got \[3\] and \[3\]/],
    ["a label that is no class", prediction([[1, 2]], [2]), "E_ARG", /labels 0 to 1, got 2 to 2/],
    ["a negative label", prediction([[1, 2]], [-1]), "E_ARG", /got -1 to -1/],
    ["NaN", prediction([[1, NaN]], [0]), "E_ARG", /finite logits, got 1 that are NaN or infinite/],
    ["infinity", prediction([[Infinity, -Infinity]], [0]), "E_ARG", /got 2 that are/],
  ];
  it.each(cases)("refuses %s", (_name, broken, code, message) => {
    const error = thrownBy(() => checkPrediction("test", broken));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });
});

describe("firstOf", () => {
  it("is the first images, in order", () => {
    const { logits, labels } = firstOf(good, 2);
    expect(logits.toArray()).toEqual([1, 2, 3, 4]);
    expect(labels.toArray()).toEqual([0, 1]);
  });
});
