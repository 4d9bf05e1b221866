import { describe, expect, it } from "vitest";
import {
  type MembershipAttackName,
  membershipFeatures,
  membershipAttackNames,
} from "../../../src/evaluate/membership-features.ts";
import { countMembers, fitMembershipAttack, membershipAttack } from "../../../src/evaluate/membership-attack.ts";
import { kernelProduct, rbfKernel } from "../../../src/evaluate/svc/rbf-kernel.ts";
import { svcDecision } from "../../../src/evaluate/svc/svc.ts";
import { cat, scope } from "../../../src/torch/index.ts";
import type { Prediction } from "../../../src/train/index.ts";
import { toTensor } from "../../support/compare.ts";
import { type GoldenTensor, readGoldenJson, readGoldenTensors } from "../../support/golden.ts";
import { goldenPrediction } from "./golden-predictions.ts";
import { largestDifference, madeUpPrediction, prediction, signs, vector } from "./samples.ts";

describe("fitMembershipAttack", () => {
  it("tells sure from unsure predictions", () => {
    const members = madeUpPrediction(1, { accuracy: 1, certainty: 12 });
    const others = madeUpPrediction(2, { accuracy: 0.5, certainty: 1 });
    for (const attack of membershipAttackNames) {
      const fitted = fitMembershipAttack(attack, members, others);
      expect(countMembers(fitted, madeUpPrediction(3, { accuracy: 1, certainty: 12 }))).toBeGreaterThan(180);
    }
  });

  it("calls everything a member where equal numbers of both look the same, as libsvm does", () => {
    const same = prediction(
      [
        [1, 2],
        [1, 2],
      ],
      [1, 1],
    );
    for (const attack of membershipAttackNames)
      expect(countMembers(fitMembershipAttack(attack, same, same), same)).toBe(2);
  });

  it("calls everything a non-member where there are more of these", () => {
    const same = prediction(
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      [1, 1, 1],
    );
    const fewer = prediction([[1, 2]], [1]);
    expect(countMembers(fitMembershipAttack("confidence", fewer, same), same)).toBe(0);
  });
});

interface PerFeature {
  readonly exact: { readonly decision_forget: number[]; readonly intercept: number };
  readonly decision_forget: number[];
  readonly predicted_member_forget: number[];
}

interface Fixture {
  readonly per_feature: Record<"float32" | "float64", Record<string, PerFeature>>;
  readonly m_entropy_correct: { readonly score: number; readonly decision_forget: number[] };
}

/** Attacks of the reference, by the name its results carry. */
const referenceAttacks: [string, MembershipAttackName][] = [
  ["correctness", "correctness"],
  ["confidence", "confidence"],
  ["entropy", "entropy"],
  ["m_entropy", "m_entropy-as-published"],
  ["prob", "prob"],
];

describe("membership attacks of the fixtures", () => {
  const fixture = readGoldenJson<Fixture>("metrics/svc_mia.json");

  describe.each(["float64", "float32"] as const)("logits in %s", (dtype) => {
    it.each(referenceAttacks)("%s: exact decisions, equal predictions", (name, attack) => {
      const [members, others, forget] = (["member", "nonmember", "forget"] as const).map((set) =>
        goldenPrediction(set, dtype),
      ) as [Prediction, Prediction, Prediction];
      const fitted = fitMembershipAttack(attack, members, others);
      const decisions = svcDecision(fitted.classifier, membershipFeatures(attack, forget));
      const expected = fixture.per_feature[dtype][name] as PerFeature;

      const predicted = decisions.gt(0).toArray();
      expect(predicted).toEqual(expected.predicted_member_forget);
      // Correctness has two inputs only: any small change of the solution moves all its decisions alike.
      const tolerance = dtype === "float32" ? 1e-4 : 1e-6;
      if (name !== "correctness") {
        expect(largestDifference(decisions, vector(expected.exact.decision_forget))).toBeLessThan(tolerance);
        expect(Math.abs(fitted.classifier.intercept - expected.exact.intercept)).toBeLessThan(tolerance);
      }
    });
  });

  it("m_entropy by the published formula", () => {
    const fitted = fitMembershipAttack("m_entropy", goldenPrediction("member"), goldenPrediction("nonmember"));
    const forget = goldenPrediction("forget");
    const decisions = svcDecision(fitted.classifier, membershipFeatures("m_entropy", forget));
    const { score, decision_forget } = fixture.m_entropy_correct;
    expect(1 - decisions.gt(0).to("float64").mean().item()).toBeCloseTo(score, 12);
    expect(decisions.gt(0).toArray()).toEqual(decision_forget.map((value) => Number(value > 0)));
    expect(largestDifference(decisions, vector(decision_forget))).toBeLessThan(1e-2); // libsvm's tolerance 1e-3
  });

  it.each(referenceAttacks)(
    "%s: multipliers with the stored sum, decisions those of the stored multipliers",
    (name, attack) =>
      scope(() => {
        const alphas = toTensor(readGoldenTensors("metrics/svc_dual.safetensors").get(name) as GoldenTensor);
        const [members, others] = [goldenPrediction("member"), goldenPrediction("nonmember")];
        const features = cat([membershipFeatures(attack, members), membershipFeatures(attack, others)]);
        const { classifier } = fitMembershipAttack(attack, members, others);
        expect(classifier.coefficients_S.abs().sum().item()).toBeCloseTo(alphas.sum().item(), 3);

        const kernel = rbfKernel(features, 1 / (features.shape[1] ?? 1));
        const stored = kernelProduct(kernel, features, alphas.mul(signs(400, 400)));
        const found = svcDecision(classifier, features).sub(classifier.intercept);
        expect(largestDifference(found, stored)).toBeLessThan(1e-6);
      }),
  );
});

describe("membershipAttack", () => {
  it("says of each image whether it looks like a member", () => {
    const members = {
      logits: [
        [5, 0],
        [0, 6],
        [7, 0],
      ],
      labels: [0, 1, 0],
    };
    const nonMembers = {
      logits: [
        [0.3, 0],
        [0.5, 0],
        [0, 0.2],
      ],
      labels: [0, 1, 1],
    };
    const images = {
      logits: [
        [6, 0],
        [0.2, 0.1],
      ],
      labels: [0, 1],
    };
    expect(membershipAttack({ members, nonMembers, images })).toEqual([true, false]);
    expect(membershipAttack({ attack: "correctness", members, nonMembers, images })).toEqual([true, false]);
  });
});
