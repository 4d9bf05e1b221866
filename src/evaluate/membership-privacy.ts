/**
 * MIA-Privacy: how well the membership attack tells retained images from test images that it has not learnt from.
 *
 *   ½ (share of held-out members classified as members + share of held-out non-members classified as non-members)
 *
 * 0.5 is chance. The attack learns from the first ⌊|test| / 2⌋ retained and test images; all others are held out.
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, appendix C.3
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d main_forget.py, SVC_MIA_training_privacy
 * Differs    see membership-features.ts and membership-attack.ts
 */
import { scope } from "../torch/index.ts";
import type { Prediction } from "../train/index.ts";
import { CoppiceError } from "../util/errors.ts";
import type { MembershipAttackName } from "./membership-features.ts";
import { countMembers, fitMembershipAttack, type MembershipAttack } from "./membership-attack.ts";
import { defineMetric } from "./metric.ts";
import { countImages, type PredictionInput, toPrediction } from "./plain-prediction.ts";
import { firstOf } from "./predictions.ts";

export interface PrivacyPredictions {
  readonly attack: MembershipAttackName;
  /** In ascending order of their indices. */
  readonly retain: PredictionInput;
  readonly test: PredictionInput;
}

/**
 * MIA-Privacy: balanced accuracy of the attack on images that it has not learnt from.
 * @example
 * import { membershipPrivacy } from "coppice/evaluate";
 *
 * const retain = { logits: [[5, 0], [0, 6], [7, 0], [0, 5]], labels: [0, 1, 0, 1] };
 * const test = { logits: [[0.3, 0], [0, 0.2], [0, 0.1], [0.2, 0]], labels: [1, 1, 0, 0] };
 * console.log(membershipPrivacy.measure({ attack: "confidence", retain, test })); // 1: every held-out image is told
 */
export const membershipPrivacy = defineMetric({
  name: "MIA-privacy",
  title: "MIA-Privacy",
  direction: "lower",
  unit: "fraction",
  description: "balanced accuracy of the membership attack on retained and test images it has not learnt from",
  source: "Jia et al., NeurIPS 2023, arXiv:2304.04934, appendix C.3",
  measure({ attack, retain, test }: PrivacyPredictions): number {
    const half = Math.floor(countImages(test) / 2);
    if (half === 0 || countImages(retain) <= half) {
      const got = `${countImages(retain)} and ${countImages(test)}`;
      throw new CoppiceError("E_ARG", `MIA-privacy: expected 2 or more test images and as many retained, got ${got}`);
    }
    return scope(() => {
      const [inside, outside] = [toPrediction("retain", retain), toPrediction("test", test)];
      const fitted = fitMembershipAttack(attack, firstOf(inside, half), firstOf(outside, half));
      return balancedAccuracy(fitted, restOf(inside, half), restOf(outside, half));
    });
  },
});

/** Mean of the shares of members classified as members and of non-members classified as non-members. */
export function balancedAccuracy(
  attack: MembershipAttack,
  members: PredictionInput,
  nonMembers: PredictionInput,
): number {
  const found = countMembers(attack, members) / countImages(members);
  return (found + 1 - countMembers(attack, nonMembers) / countImages(nonMembers)) / 2;
}

function restOf({ logits, labels }: Prediction, start: number): Prediction {
  const length = labels.numel - start;
  return { logits: logits.narrow(0, start, length), labels: labels.narrow(0, start, length) };
}
