/**
 * The modified entropy of a prediction: small where the model is sure and right, large where it is sure and wrong.
 *
 *   M(p, y) = -(1 - p_y) log p_y - Σ_{c≠y} p_c log(1 - p_c)
 *
 * and, under another name, what the reference code computes in its place: with a_c = 1 - p_c for every class c that occurs
 * among the labels of the whole set, a_c = p_c for the others,
 *
 *   M'(p) = -Σ_c a_c log p_c,
 *
 * which depends on the set and not on the label y. For p = (.7, .2, .1), y = 0: M = 0.1622, M' = 0.6591 if 0 is the only label.
 *
 * Shapes     N images · K classes
 * Source     Song and Mittal, USENIX Security 2021, arXiv:2003.10595 (modified prediction entropy)
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d evaluation/SVC_MIA.py, m_entropy (M'); evaluation/MIA.py, _m_entr_comp (M)
 * Differs    M is the published formula; M' is exact to the reference. log 0 counts as log 1e-30 in both
 */
import { scope, type Tensor, where } from "../torch/index.ts";

const LOG_OF_ZERO = Math.log(1e-30);

/** log p, with log 1e-30 where p is 0. */
export function guardedLog(p: Tensor): Tensor {
  return scope(() => {
    const logs = p.log();
    return where(p.gt(0), logs, logs.onesLike().mul(LOG_OF_ZERO));
  });
}

/** M(p, y): float64 [N] from probabilities float64 [N, K] and labels int64 [N]. */
export function modifiedEntropy(p_NK: Tensor, labels_N: Tensor): Tensor {
  return scope(() => {
    const rest_NK = p_NK.neg().add(1);
    const others_NK = p_NK.mul(guardedLog(rest_NK));
    const labels_N1 = labels_N.unsqueeze(1);
    const own_N1 = rest_NK.gather(1, labels_N1).mul(guardedLog(p_NK.gather(1, labels_N1)));
    const ownAsOther_N1 = others_NK.gather(1, labels_N1);
    return others_NK.sumDim([1], true).sub(ownAsOther_N1).add(own_N1).neg().squeeze(1);
  });
}

/** M'(p) of the reference code: float64 [N]. `labels_N` are the labels of the whole set. */
export function modifiedEntropyAsPublished(p_NK: Tensor, labels_N: Tensor): Tensor {
  return scope(() => {
    const numClasses = p_NK.shape[1] ?? 0;
    const occurs_K = labels_N.bincount(null, numClasses).gt(0);
    const factors_NK = where(occurs_K, p_NK.neg().add(1), p_NK);
    return factors_NK.mul(guardedLog(p_NK)).sumDim([1]).neg();
  });
}
