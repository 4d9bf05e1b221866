/**
 * What a membership attack looks at: one number, or one vector, for every image.
 *
 *   correctness   1[argmax_c p_c = y]
 *   confidence    p_y
 *   entropy       -Σ_c p_c log p_c
 *   m_entropy     -(1 - p_y) log p_y - Σ_{c≠y} p_c log(1 - p_c)
 *   prob          p
 *
 * Shapes     N images · K classes · D features
 * Source     Song and Mittal, USENIX Security 2021, arXiv:2003.10595
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d evaluation/SVC_MIA.py
 * Differs    probabilities in float64 from the float32 logits (there float32); m_entropy is the published formula, and what the
 *            reference computes is here `m_entropy-as-published`, see modified-entropy.ts
 */
import type { Tensor } from "../torch/index.ts";
import { type PredictionInput, withPrediction } from "./plain-prediction.ts";
import { guardedLog, modifiedEntropy, modifiedEntropyAsPublished } from "./modified-entropy.ts";

type Feature = (p_NK: Tensor, labels_N: Tensor) => Tensor;

const features = {
  correctness: (p_NK, labels_N) => p_NK.argmax(1).eq(labels_N).to("float64").unsqueeze(1),
  confidence: (p_NK, labels_N) => p_NK.gather(1, labels_N.unsqueeze(1)),
  entropy: (p_NK) => p_NK.mul(guardedLog(p_NK)).sumDim([1], true).neg(),
  m_entropy: (p_NK, labels_N) => modifiedEntropy(p_NK, labels_N).unsqueeze(1),
  prob: (p_NK) => p_NK,
  "m_entropy-as-published": (p_NK, labels_N) => modifiedEntropyAsPublished(p_NK, labels_N).unsqueeze(1),
} satisfies Record<string, Feature>;

/** An attack by what it looks at. */
export type MembershipAttackName = keyof typeof features;

/** The five attacks of the reference, in its order. `confidence` is the one that is reported. */
export const membershipAttackNames = [
  "correctness",
  "confidence",
  "entropy",
  "m_entropy",
  "prob",
] as const satisfies MembershipAttackName[];

/** One row of features an image: float64 [N, D], D = 1 but for `prob`, where it is K. */
export function membershipFeatures(attack: MembershipAttackName, given: PredictionInput): Tensor {
  return withPrediction("predictions", given, ({ logits, labels }) =>
    features[attack](logits.to("float64").softmax(1), labels),
  );
}
