import { describe, expect, it } from "vitest";
import { guardedLog, modifiedEntropy, modifiedEntropyAsPublished } from "../../../src/evaluate/modified-entropy.ts";
import { tensor } from "../../../src/torch/index.ts";
import { relativeError } from "../../support/compare.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { matrix } from "./samples.ts";

const labelsOf = (values: readonly number[]) => tensor(values, { dtype: "int64" });

describe("modifiedEntropy", () => {
  it("is 0.1622 for p = (.7, .2, .1) and label 0", () => {
    const value = modifiedEntropy(matrix([[0.7, 0.2, 0.1]]), labelsOf([0])).item();
    expect(value).toBeCloseTo(0.1622, 4);
    expect(value).toBeCloseTo(-(0.3 * Math.log(0.7) + 0.2 * Math.log(0.8) + 0.1 * Math.log(0.9)), 14);
  });

  it("is 0 for a sure and right, large for a sure and wrong prediction", () => {
    const sure = matrix([[1, 0, 0]]);
    expect(modifiedEntropy(sure, labelsOf([0])).item()).toBeCloseTo(0, 12);
    expect(modifiedEntropy(sure, labelsOf([1])).item()).toBeCloseTo(-2 * Math.log(1e-30), 9);
  });

  it("looks at its own label only, whatever the others are", () => {
    const p = matrix([
      [0.7, 0.2, 0.1],
      [0.7, 0.2, 0.1],
    ]);
    const [first, second = NaN] = modifiedEntropy(p, labelsOf([0, 1])).toArray();
    expect(first).toBe(modifiedEntropy(p.narrow(0, 0, 1), labelsOf([0])).item());
    expect(second).toBeCloseTo(-(0.8 * Math.log(0.2) + 0.7 * Math.log(0.3) + 0.1 * Math.log(0.9)), 14);
  });
});

describe("modifiedEntropyAsPublished", () => {
  it("is 0.6591 for p = (.7, .2, .1) and label 0", () => {
    expect(modifiedEntropyAsPublished(matrix([[0.7, 0.2, 0.1]]), labelsOf([0])).item()).toBeCloseTo(0.6591, 4);
  });

  it("changes with the labels of the other images", () => {
    const p = matrix([
      [0.7, 0.2, 0.1],
      [0.7, 0.2, 0.1],
    ]);
    const alone = modifiedEntropyAsPublished(p, labelsOf([0, 0])).toArray();
    const together = modifiedEntropyAsPublished(p, labelsOf([0, 1])).toArray();
    expect(together[0]).not.toBeCloseTo(alone[0] ?? NaN, 3);
    expect(together[0]).toBe(together[1]);
  });
});

describe("guardedLog", () => {
  it("takes log 0 for log 1e-30", () => {
    expect(guardedLog(matrix([[1, 0]])).toArray()).toEqual([0, Math.log(1e-30)]);
  });
});

describe("modified entropy of extreme logits", () => {
  it("as published", () => {
    const { logits, labels, reference_m_entropy } = readGoldenJson<{
      logits: number[][];
      labels: number[];
      reference_m_entropy: number[];
    }>("metrics/edge_cases.json");
    const values = modifiedEntropyAsPublished(matrix(logits).softmax(1), labelsOf(labels));
    expect(relativeError(values, reference_m_entropy)).toBeLessThan(1e-9);
  });
});
