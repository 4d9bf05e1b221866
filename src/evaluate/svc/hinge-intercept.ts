/**
 * The intercept of a support-vector machine whose weights are known: the b that minimises the hinge losses.
 *
 *   b* = argmin_b Σ_i c_i max(0, 1 - y_i (f_i + b))
 *
 * A sum of hinges, each with its kink at t_i = y_i - f_i. Its slope starts at minus the number of positive samples and
 * grows by c_i at every kink, so the minimum is where the sorted counts reach that number; a flat stretch gives its midpoint.
 *
 * Symbols    f score without intercept · y label ±1 · c number of samples
 * Source     the sum is the part of the primal objective that depends on b
 * Reference  libsvm 3.25 svm.cpp, Solver::calculate_rho: (ub + lb) / 2 without free support vectors is the same midpoint
 * Differs    libsvm averages over free support vectors, which agree with the kink only to its tolerance
 */
import { scope, type Tensor } from "../../torch/index.ts";

/**
 * @param scores_P f, float64 [N]
 * @param labels_P y, float64 [N], +1 or -1, at least one of each
 * @param counts_P c, float64 [N], whole numbers ≥ 1
 */
export function hingeIntercept(scores_P: Tensor, labels_P: Tensor, counts_P: Tensor): number {
  return scope(() => {
    const [kinks_P, order_P] = labels_P.sub(scores_P).sort();
    const reached_P = counts_P.indexSelect(0, order_P).cumsum(0);
    const positives = counts_P.mul(labels_P.gt(0)).sum().item();
    const first = reached_P.lt(positives).sum().item();
    const kink = kinks_P.select(0, first).item();
    const flat = reached_P.select(0, first).item() === positives;
    return flat ? (kink + kinks_P.select(0, first + 1).item()) / 2 : kink;
  });
}
