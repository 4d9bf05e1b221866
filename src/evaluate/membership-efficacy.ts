/**
 * MIA-Efficacy: does an attacker who has the model still see that the forget images were trained on?
 *
 *   MIA = share of D_f that the attack calls non-members
 *
 * The attack learns from the first |test| retained images, in the order of their indices, as members and from all test images as
 * non-members; if fewer images are retained than there are test images, from all of them.
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, section 2 and appendix C.3
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d main_forget.py, SVC_MIA_forget_efficacy; the paper's number is its `confidence`
 * Differs    see attack-features.ts and membership-attack.ts
 */
import type { Metric } from "../record/index.ts";
import { scope } from "../torch/index.ts";
import type { Prediction } from "../train/index.ts";
import type { AttackName } from "./attack-features.ts";
import { countMembers, fitMembershipAttack } from "./membership-attack.ts";
import { defineMetric } from "./metric.ts";
import { firstOf } from "./predictions.ts";
import { proportion } from "./proportion.ts";

export interface AttackedPredictions {
  readonly attack: AttackName;
  readonly forget: Prediction;
  /** In ascending order of their indices. */
  readonly retain: Prediction;
  readonly test: Prediction;
}

export const membershipEfficacy = defineMetric({
  name: "MIA",
  title: "MIA-Efficacy",
  direction: "match-oracle",
  unit: "fraction",
  description: "share of the forget images that a membership attack takes for never seen",
  source: "Jia et al., NeurIPS 2023, arXiv:2304.04934, appendix C.3",
  measure({ attack, forget, retain, test }: AttackedPredictions): Metric {
    const count = forget.labels.numel;
    const numMembers = scope(() => {
      const members = firstOf(retain, Math.min(retain.labels.numel, test.labels.numel));
      return countMembers(fitMembershipAttack(attack, members, test), forget);
    });
    return proportion(count - numMembers, count, this.direction);
  },
});
