/**
 * MIA-Privacy: how well the attack tells retained images from test images that it has not learnt from.
 *
 *   ½ (share of held-out members called members + share of held-out non-members called non-members)
 *
 * 0.5 is chance. The attack learns from the first ⌊|test| / 2⌋ retained and test images; all others are held out.
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, appendix C.3
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d main_forget.py, SVC_MIA_training_privacy
 * Differs    see attack-features.ts and membership-attack.ts
 */
import { scope } from "../torch/index.ts";
import type { Prediction } from "../train/index.ts";
import { CoppiceError } from "../util/errors.ts";
import type { AttackName } from "./attack-features.ts";
import { countMembers, fitMembershipAttack, type MembershipAttack } from "./membership-attack.ts";
import { defineMetric } from "./metric.ts";
import { firstOf } from "./predictions.ts";

export interface PrivacyPredictions {
  readonly attack: AttackName;
  /** In ascending order of their indices. */
  readonly retain: Prediction;
  readonly test: Prediction;
}

export const membershipPrivacy = defineMetric({
  name: "MIA-privacy",
  title: "MIA-Privacy",
  direction: "lower",
  unit: "fraction",
  description: "balanced accuracy of the membership attack on retained and test images it has not learnt from",
  source: "Jia et al., NeurIPS 2023, arXiv:2304.04934, appendix C.3",
  measure({ attack, retain, test }: PrivacyPredictions): number {
    const half = Math.floor(test.labels.numel / 2);
    if (half === 0 || retain.labels.numel <= half) {
      const got = `${retain.labels.numel} and ${test.labels.numel}`;
      throw new CoppiceError("E_ARG", `MIA-privacy: expected 2 or more test images and as many retained, got ${got}`);
    }
    return scope(() => {
      const fitted = fitMembershipAttack(attack, firstOf(retain, half), firstOf(test, half));
      return balancedAccuracy(fitted, restOf(retain, half), restOf(test, half));
    });
  },
});

/** Mean of the shares of members called members and of non-members called non-members. */
export function balancedAccuracy(attack: MembershipAttack, members: Prediction, nonMembers: Prediction): number {
  const found = countMembers(attack, members) / members.labels.numel;
  return (found + 1 - countMembers(attack, nonMembers) / nonMembers.labels.numel) / 2;
}

function restOf({ logits, labels }: Prediction, start: number): Prediction {
  const length = labels.numel - start;
  return { logits: logits.narrow(0, start, length), labels: labels.narrow(0, start, length) };
}
