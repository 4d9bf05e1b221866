import { describe, expect, it } from "vitest";
import {
  type MembershipAttackName,
  membershipFeatures,
  membershipAttackNames,
} from "../../../src/evaluate/membership-features.ts";
import { relativeError } from "../../support/compare.ts";
import { readGoldenJson, readGoldenTensors, type GoldenTensor } from "../../support/golden.ts";
import { goldenPrediction, type GoldenSet } from "./golden-predictions.ts";
import { prediction } from "./samples.ts";

// Probabilities (.7, .2, .1) and (.1, .2, .7).
const two = prediction(
  [
    [Math.log(7), Math.log(2), 0],
    [0, Math.log(2), Math.log(7)],
  ],
  [0, 1],
  2,
  "float64",
);
const entropy = -(0.7 * Math.log(0.7) + 0.2 * Math.log(0.2) + 0.1 * Math.log(0.1));

describe("membershipFeatures", () => {
  it.each<[MembershipAttackName, number[], number]>([
    ["correctness", [1, 0], 1],
    ["confidence", [0.7, 0.2], 1],
    ["entropy", [entropy, entropy], 1],
    ["m_entropy", [0.162167, -(0.8 * Math.log(0.2) + 0.7 * Math.log(0.3) + 0.1 * Math.log(0.9))], 1],
    ["prob", [0.7, 0.2, 0.1, 0.1, 0.2, 0.7], 3],
  ])("%s of two predictions by hand", (attack, expected, width) => {
    const features = membershipFeatures(attack, two);
    expect(features.shape).toEqual([2, width]);
    expect(features.dtype).toBe("float64");
    for (const [i, value] of features.toArray().entries()) expect(value).toBeCloseTo(expected[i] ?? NaN, 5);
  });

  it("names the five attacks of the paper, without the faulty one", () => {
    expect(membershipAttackNames).toEqual(["correctness", "confidence", "entropy", "m_entropy", "prob"]);
  });

  it("computes probabilities in float64 from float32 logits", () => {
    const confidence = membershipFeatures("confidence", prediction([[30, 0]], [0])).item();
    expect(1 - confidence).toBeCloseTo(Math.exp(-30), 15);
    expect(confidence).toBeLessThan(1);
  });

  it("is finite for logits of any size", () => {
    const extreme = prediction(
      [
        [3e38, 0, -3e38],
        [-3e38, 0, 3e38],
      ],
      [0, 0],
    );
    for (const attack of [...membershipAttackNames, "m_entropy-as-published"] as const) {
      expect(membershipFeatures(attack, extreme).isfinite().all().item()).toBe(1);
    }
  });
});

describe("attack features of the fixtures", () => {
  const stored: [MembershipAttackName, string][] = [
    ["correctness", "correctness"],
    ["confidence", "confidence"],
    ["entropy", "entropy"],
    ["m_entropy", "m_entropy_correct"],
    ["m_entropy-as-published", "m_entropy"],
  ];
  const sets: GoldenSet[] = ["member", "nonmember", "forget"];
  it.each(stored)("%s", (attack, name) => {
    const tensors = readGoldenTensors("metrics/features.safetensors");
    for (const set of sets) {
      const features = membershipFeatures(attack, goldenPrediction(set));
      expect(relativeError(features, tensors.get(`${set}/${name}`) as GoldenTensor)).toBeLessThan(1e-9);
    }
  });

  it("extreme logits", () => {
    const cases = readGoldenJson<{ logits: number[][]; labels: number[]; softmax: number[][]; entropy: number[] }>(
      "metrics/edge_cases.json",
    );
    const extreme = prediction(cases.logits, cases.labels, cases.labels.length, "float64");
    expect(relativeError(membershipFeatures("prob", extreme), cases.softmax)).toBeLessThan(1e-12);
    expect(relativeError(membershipFeatures("entropy", extreme), cases.entropy)).toBeLessThan(1e-12);
  });
});
