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
import { type MembershipAttackName, membershipFeatures } from "./membership-features.ts";
import { countImages, type PredictionInput } from "./plain-prediction.ts";
import { fitSvc, svcDecision, type SvcModel } from "./svc/index.ts";

const COST = 3;
const ROUNDING = 1e-9;

export interface MembershipAttack {
  readonly attack: MembershipAttackName;
  /** Its tensors belong to the scope the attack was fitted in. */
  readonly classifier: SvcModel;
}

/** Trains an attack. @throws CoppiceError E_NATIVE when the classifier cannot be solved; as toPrediction */
export function fitMembershipAttack(
  attack: MembershipAttackName,
  members: PredictionInput,
  nonMembers: PredictionInput,
): MembershipAttack {
  return scope(() => {
    const [inside, outside] = [membershipFeatures(attack, members), membershipFeatures(attack, nonMembers)];
    const labels = cat([constant(countImages(members), 1), constant(countImages(nonMembers), -1)]);
    return { attack, classifier: fitSvc(cat([inside, outside]), labels, { cost: COST }) };
  });
}

/** Which of the N images the attack classifies as members: bool [N]. */
export function membersAmong({ attack, classifier }: MembershipAttack, given: PredictionInput): Tensor {
  return scope(() => svcDecision(classifier, membershipFeatures(attack, given)).ge(-ROUNDING).flatten());
}

/** How many of the images the attack classifies as members. */
export function countMembers(attack: MembershipAttack, prediction: PredictionInput): number {
  return scope(() => membersAmong(attack, prediction).sum().item());
}

export interface MembershipAttackInput {
  /** What the attack looks at; default `confidence`, the one that is reported. */
  readonly attack?: MembershipAttackName;
  /** Images known to be in the training set: best as many as there are non-members. */
  readonly members: PredictionInput;
  /** Images known not to be. */
  readonly nonMembers: PredictionInput;
  /** Images that are asked about. */
  readonly images: PredictionInput;
}

/**
 * Trains an attack and asks it about images, all in one.
 * @returns for each of `images` whether the attack classifies it as a member
 * @throws CoppiceError as fitMembershipAttack
 * @example
 * import { membershipAttack } from "coppice/evaluate";
 *
 * const members = { logits: [[5, 0], [0, 6], [7, 0]], labels: [0, 1, 0] };
 * const nonMembers = { logits: [[0.3, 0], [0.5, 0], [0, 0.2]], labels: [0, 1, 1] };
 * const images = { logits: [[6, 0], [0.2, 0.1]], labels: [0, 1] };
 * console.log(membershipAttack({ members, nonMembers, images })); // [ true, false ]
 */
export function membershipAttack({
  attack = "confidence",
  members,
  nonMembers,
  images,
}: MembershipAttackInput): boolean[] {
  return scope(() =>
    membersAmong(fitMembershipAttack(attack, members, nonMembers), images)
      .toArray()
      .map((hit) => hit === 1),
  );
}

function constant(count: number, value: number): Tensor {
  return full([count], value, { dtype: "float64" });
}
