/**
 * MIA-Efficacy: does a membership attack on the model still show that the forget images were trained on?
 *
 *   MIA = share of D_f that the membership attack classifies as non-members
 *
 * The attack learns from the first |test| retained images, in the order of their indices, as members and from all test images as
 * non-members; if fewer images are retained than there are test images, from all of them.
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, section 2 and appendix C.3
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d main_forget.py, SVC_MIA_forget_efficacy; the paper's number is its `confidence`
 * Differs    see membership-features.ts and membership-attack.ts
 */
import type { Metric } from "../record/index.ts";
import { scope } from "../torch/index.ts";
import type { MembershipAttackName } from "./membership-features.ts";
import { countMembers, fitMembershipAttack } from "./membership-attack.ts";
import { defineMetric } from "./metric.ts";
import { countImages, type PredictionInput, toPrediction } from "./plain-prediction.ts";
import { firstOf } from "./predictions.ts";
import { proportion } from "./proportion.ts";

export interface AttackedPredictions {
  readonly attack: MembershipAttackName;
  readonly forget: PredictionInput;
  /** In ascending order of their indices. */
  readonly retain: PredictionInput;
  readonly test: PredictionInput;
}

/**
 * MIA: share of the forget images that the membership attack classifies as non-members.
 * @example
 * import { membershipEfficacy } from "coppice/evaluate";
 *
 * const retain = { logits: [[5, 0], [0, 6], [7, 0]], labels: [0, 1, 0] };
 * const test = { logits: [[0.3, 0], [0.5, 0], [0, 0.2]], labels: [0, 1, 1] };
 * const forget = { logits: [[6, 0], [0.2, 0.1]], labels: [0, 1] };
 * console.log(membershipEfficacy.measure({ attack: "confidence", forget, retain, test }).value); // 0.5: one is classified as a non-member
 */
export const membershipEfficacy = defineMetric({
  name: "MIA",
  title: "MIA-Efficacy",
  direction: "match-oracle",
  unit: "fraction",
  description: "share of the forget images that a membership attack classifies as non-members",
  source: "Jia et al., NeurIPS 2023, arXiv:2304.04934, appendix C.3",
  measure({ attack, forget, retain, test }: AttackedPredictions): Metric {
    const count = countImages(forget);
    const numMembers = scope(() => {
      const members = firstOf(toPrediction("retain", retain), Math.min(countImages(retain), countImages(test)));
      return countMembers(fitMembershipAttack(attack, members, test), forget);
    });
    return proportion(count - numMembers, count, this.direction);
  },
});
