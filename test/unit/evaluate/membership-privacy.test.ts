import { describe, expect, it } from "vitest";
import type { MembershipAttackName } from "../../../src/evaluate/membership-features.ts";
import { fitMembershipAttack } from "../../../src/evaluate/membership-attack.ts";
import { balancedAccuracy, membershipPrivacy } from "../../../src/evaluate/membership-privacy.ts";
import { cat } from "../../../src/torch/index.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { goldenPrediction } from "./golden-predictions.ts";
import { madeUpPrediction, prediction } from "./samples.ts";

describe("membershipPrivacy", () => {
  it("is near 1 where members are plain to see and near 0.5 where they are not", () => {
    const retain = madeUpPrediction(1, { accuracy: 1, certainty: 12 });
    const leaky = madeUpPrediction(2, { accuracy: 0.5, certainty: 1 });
    expect(membershipPrivacy.measure({ attack: "entropy", retain, test: leaky })).toBeGreaterThan(0.95);
    const alike = madeUpPrediction(3, { accuracy: 1, certainty: 12 });
    expect(Math.abs(membershipPrivacy.measure({ attack: "entropy", retain, test: alike }) - 0.5)).toBeLessThan(0.15);
  });

  it("holds out every image after the first half of the test set", () => {
    const [first, second] = [madeUpPrediction(1), madeUpPrediction(2)];
    const [firstTest, secondTest] = [madeUpPrediction(3), madeUpPrediction(4)];
    const join = (a: typeof first, b: typeof first) => ({
      logits: cat([a.logits, b.logits]),
      labels: cat([a.labels, b.labels]),
    });
    const whole = { attack: "confidence" as const, retain: join(first, second), test: join(firstTest, secondTest) };
    const fitted = fitMembershipAttack("confidence", first, firstTest);
    expect(membershipPrivacy.measure(whole)).toBe(balancedAccuracy(fitted, second, secondTest));
  });

  it("needs images to hold out", () => {
    const one = prediction([[1, 2]], [0]);
    expect(thrownBy(() => membershipPrivacy.measure({ attack: "confidence", retain: one, test: one })).code).toBe(
      "E_ARG",
    );
  });
});

describe("MIA-Privacy of the fixtures", () => {
  const { results } = readGoldenJson<{ results: Record<string, { training_privacy: Record<string, number> }> }>(
    "metrics/svc_mia.json",
  );
  const attacks: [string, MembershipAttackName][] = [
    ["correctness", "correctness"],
    ["confidence", "confidence"],
    ["entropy", "entropy"],
    ["m_entropy", "m_entropy-as-published"],
    ["prob", "prob"],
  ];
  it.each(attacks)("%s", (name, attack) => {
    const fitted = fitMembershipAttack(attack, goldenPrediction("member"), goldenPrediction("nonmember"));
    const found = balancedAccuracy(fitted, goldenPrediction("target_train"), goldenPrediction("forget"));
    expect(found).toBeCloseTo(results["float64"]?.training_privacy[name] ?? NaN, 12);
  });
});
