import { describe, expect, it } from "vitest";
import { type MembershipAttackName, membershipAttackNames } from "../../../src/evaluate/membership-features.ts";
import { membershipEfficacy } from "../../../src/evaluate/membership-efficacy.ts";
import { cat, liveTensors } from "../../../src/torch/index.ts";
import type { Prediction } from "../../../src/train/index.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { goldenPrediction } from "./golden-predictions.ts";
import { madeUpPrediction } from "./samples.ts";

const sure = { accuracy: 1, certainty: 12 };
const unsure = { accuracy: 0.5, certainty: 1 };
const retain = madeUpPrediction(1, sure);
const test = madeUpPrediction(2, unsure);

describe("membershipEfficacy", () => {
  it("is near 0 where forget images look like retained ones, near 1 where like test images", () => {
    for (const attack of membershipAttackNames) {
      const remembered = membershipEfficacy.measure({ attack, forget: madeUpPrediction(3, sure), retain, test });
      expect(remembered.value).toBeLessThan(0.1);
    }
    const forgotten = membershipEfficacy.measure({
      attack: "entropy",
      forget: madeUpPrediction(4, unsure),
      retain,
      test,
    });
    expect(forgotten.value).toBeGreaterThan(0.9);
    expect(forgotten).toMatchObject({ count: 200, direction: "match-oracle", unit: "fraction" });
  });

  it("learns from as many retained images as there are test images, the first ones", () => {
    const longer: Prediction = {
      logits: cat([retain.logits, test.logits]),
      labels: cat([retain.labels, test.labels]),
    };
    const forget = madeUpPrediction(5, { accuracy: 0.8, certainty: 3 });
    const measured = (prediction: Prediction) =>
      membershipEfficacy.measure({ attack: "confidence", forget, retain: prediction, test });
    expect(measured(longer)).toEqual(measured(retain));
  });

  it("learns from all retained images where there are fewer", () => {
    const few = madeUpPrediction(6, { ...sure, count: 20 });
    const forget = madeUpPrediction(3, sure);
    expect(membershipEfficacy.measure({ attack: "confidence", forget, retain: few, test }).count).toBe(200);
  });

  it("leaves no tensors behind", () => {
    const forget = madeUpPrediction(3, sure);
    const before = liveTensors();
    membershipEfficacy.measure({ attack: "prob", forget, retain, test });
    expect(liveTensors()).toBe(before);
  });
});

describe("MIA-Efficacy of the fixtures", () => {
  const { results } = readGoldenJson<{ results: Record<string, { forget_efficacy: Record<string, number> }> }>(
    "metrics/svc_mia.json",
  );
  const attacks: [string, MembershipAttackName][] = [
    ["correctness", "correctness"],
    ["confidence", "confidence"],
    ["entropy", "entropy"],
    ["m_entropy", "m_entropy-as-published"],
    ["prob", "prob"],
  ];
  it.each(attacks)("%s, from float32 and float64 logits", (name, attack) => {
    for (const dtype of ["float32", "float64"] as const) {
      const { value } = membershipEfficacy.measure({
        attack,
        forget: goldenPrediction("forget", dtype),
        retain: goldenPrediction("member", dtype),
        test: goldenPrediction("nonmember", dtype),
      });
      expect(value).toBeCloseTo(results[dtype]?.forget_efficacy[name] ?? NaN, 12);
    }
  });
});
