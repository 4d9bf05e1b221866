/**
 * A membership attack: a support-vector classifier that learns, from images known to be in and out of the training set, what
 * the model's answers to each look like.
 *
 *   SVC(C = 3, radial basis functions, γ = 1/D), members labelled +1, non-members -1;   "member" where its decision ≥ 0
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, appendix C.3
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d evaluation/SVC_MIA.py, SVC_fit_predict
 * Differs    solved to the optimum. A decision within 1e-9 of 0, which the exact solution has where the scores hold no information,
 *            counts as 0, and 0 as member, as in libsvm; there its sign is rounding
 */
import { cat, full, scope, type Tensor } from "../torch/index.ts";
import type { Prediction } from "../train/index.ts";
import { type AttackName, attackFeatures } from "./attack-features.ts";
import { fitSvc, svcDecision, type SvcModel } from "./svc/index.ts";

const COST = 3;
const ROUNDING = 1e-9;

export interface MembershipAttack {
  readonly attack: AttackName;
  /** Its tensors belong to the scope the attack was fitted in. */
  readonly classifier: SvcModel;
}

/** Trains an attack. @throws CoppiceError E_NATIVE when the classifier cannot be solved */
export function fitMembershipAttack(attack: AttackName, members: Prediction, nonMembers: Prediction): MembershipAttack {
  return scope(() => {
    const [inside, outside] = [attackFeatures(attack, members), attackFeatures(attack, nonMembers)];
    const labels = cat([constant(members.labels.numel, 1), constant(nonMembers.labels.numel, -1)]);
    return { attack, classifier: fitSvc(cat([inside, outside]), labels, { cost: COST }) };
  });
}

/** Which of the N images the attack calls members: bool [N]. */
export function membersAmong({ attack, classifier }: MembershipAttack, prediction: Prediction): Tensor {
  return scope(() => svcDecision(classifier, attackFeatures(attack, prediction)).ge(-ROUNDING).flatten());
}

/** How many of the images the attack calls members. */
export function countMembers(attack: MembershipAttack, prediction: Prediction): number {
  return scope(() => membersAmong(attack, prediction).sum().item());
}

function constant(count: number, value: number): Tensor {
  return full([count], value, { dtype: "float64" });
}
