import { describe, expect, it } from "vitest";
import { countCorrect, retainAccuracy, testAccuracy, unlearningAccuracy } from "../../../src/evaluate/accuracy.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { goldenPrediction } from "./golden-predictions.ts";
import { prediction } from "./samples.ts";

// Right, right, wrong, wrong, wrong.
const five = prediction(
  [
    [2, 1],
    [0, 1],
    [2, 1],
    [0, 1],
    [0, 3],
  ],
  [0, 1, 1, 0, 0],
);

describe("accuracy", () => {
  it("counts images whose largest logit is their label's", () => {
    expect(countCorrect(five)).toBe(2);
  });

  it("UA is the share that is wrong, RA and TA the share that is right", () => {
    expect(unlearningAccuracy.measure(five)).toMatchObject({ value: 0.6, count: 5, direction: "match-oracle" });
    expect(retainAccuracy.measure(five)).toMatchObject({ value: 0.4, count: 5, direction: "higher" });
    expect(testAccuracy.measure(five)).toMatchObject({ value: 0.4, count: 5, direction: "higher" });
  });

  it("has an interval around the value", () => {
    const { value, interval } = unlearningAccuracy.measure(five);
    expect(interval[0]).toBeLessThan(value);
    expect(interval[1]).toBeGreaterThan(value);
  });

  it("has no value for no images", () => {
    expect(thrownBy(() => testAccuracy.measure(prediction([[1, 2]], [0], 0))).code).toBe("E_ARG");
  });
});

describe("accuracies of the fixtures", () => {
  it("UA, RA and TA", () => {
    const { accuracy } = readGoldenJson<{ accuracy: Record<"forget" | "retain" | "test", number> }>(
      "metrics/accuracy.json",
    );
    expect(unlearningAccuracy.measure(goldenPrediction("forget")).value).toBeCloseTo(1 - accuracy.forget / 100, 12);
    expect(retainAccuracy.measure(goldenPrediction("member")).value).toBeCloseTo(accuracy.retain / 100, 12);
    expect(testAccuracy.measure(goldenPrediction("nonmember")).value).toBeCloseTo(accuracy.test / 100, 12);
  });
});
