import { describe, expect, it } from "vitest";
import { cautionsFor } from "../../../src/evaluate/cautions.ts";
import { madeUpPrediction, prediction } from "./samples.ts";

const forget = madeUpPrediction(1, { count: 100 });
const retain = madeUpPrediction(2, { count: 400 });
const test = madeUpPrediction(3, { count: 200 });

describe("cautionsFor", () => {
  it("has nothing to say of a sound evaluation", () => {
    expect(cautionsFor({ forget, retain, test })).toEqual([]);
  });

  it("says what the attack means when a forgotten class is not in the test set", () => {
    const classes = prediction(Array<number[]>(100).fill([1, 0, 0, 0, 0, 0]), Array<number>(100).fill(5));
    const others = madeUpPrediction(3, { count: 200, numClasses: 6 });
    const kept = { logits: others.logits, labels: others.labels.remainder(5) };
    const [caution = "", ...rest] = cautionsFor({ forget: classes, retain, test: kept });
    expect(caution).toMatch(/^One forgotten class has no test images/);
    expect(rest).toEqual([]);
  });

  it("counts several such classes", () => {
    const classes = prediction(
      Array<number[]>(100).fill([1, 0, 0, 0]),
      Array.from({ length: 100 }, (_, i) => 2 + (i % 2)),
    );
    const kept = { logits: test.logits, labels: test.labels.remainder(2) };
    expect(cautionsFor({ forget: classes, retain, test: kept })[0]).toMatch(/^2 forgotten classes have no test images/);
  });

  it("warns of unequal numbers", () => {
    const few = madeUpPrediction(4, { count: 150 });
    expect(cautionsFor({ forget, retain: few, test })[0]).toContain("150 members and 200 non-members");
  });

  it("warns of few forget images, with the width of the interval", () => {
    const ten = madeUpPrediction(5, { count: 10 });
    // Clopper-Pearson for 5 of 10: 0.187 to 0.813.
    expect(cautionsFor({ forget: ten, retain, test })).toEqual([
      expect.stringMatching(/^Only 10 forget images: .* 0\.63 wide/),
    ]);
    const one = madeUpPrediction(6, { count: 1 });
    expect(cautionsFor({ forget: one, retain, test })[0]).toMatch(/^Only 1 forget image:/);
  });
});
