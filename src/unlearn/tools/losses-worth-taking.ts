/**
 * Which of the terms of the Fisher information are worth a backward pass.
 *
 *   F = Σ_n Σ_y p_y J_nᵀ (p - e_y)(p - e_y)ᵀ J_n      term (n, y) weighs  u_ny = p_y ‖p - e_y‖²
 *
 * A well fitted network is sure of most images, and then all of their terms are next to nothing. The lightest terms are left out, of all
 * images together, as long as their weights add up to no more than the tolerance of the whole.
 *
 * Symbols    p predictions of image n · e_y unit vector · J_n Jacobian of its logits, M images, K classes
 * Source     this project; the terms are those of Martens 2020, arXiv:1412.1193, section 5
 * Reference  none known
 * Differs    the bound is on what goes into the Jacobians, so what is left out of F is about the tolerance, not at most it
 */
import { keep, scope, type Tensor } from "../../torch/index.ts";

export interface LossPlan {
  /** Images by the number of their terms, most first, int64 [M]; kept. */
  readonly order_M: Tensor;
  /** In that order: classes by weight, heaviest first, int64 [M, K]; kept. */
  readonly classes_MK: Tensor;
  /** p_y of those classes, 0 where the term is left out, [M, K]; kept. */
  readonly shares_MK: Tensor;
  /** Terms of each image, in that order. */
  readonly counts: readonly number[];
}

/** @param probability_MK predictions @param tolerance in [0, 1); 0 takes every term that is not zero */
export function lossesWorthTaking(probability_MK: Tensor, tolerance: number): LossPlan {
  return scope(() => {
    const p_MK = probability_MK.to("float64");
    // ‖p - e_y‖² = Σ p² - p_y² + (1 - p_y)²
    const rest = p_MK.square().sumDim([1], true).sub(p_MK.square());
    const weight_MK = p_MK.mul(rest.add(p_MK.mul(-1).add(1).square()));
    const [sorted_MK, classes_MK] = weight_MK.sortStable(true, 1, true);
    const taken_MK = sorted_MK.ge(leastWeight(weight_MK, tolerance)).logicalAnd(sorted_MK.gt(0));
    const counts_M = taken_MK.sumDim([1]);
    const [counts, order_M] = counts_M.sortStable(true, 0, true);
    const shares_MK = p_MK.gather(1, classes_MK).mul(taken_MK);
    return {
      order_M: keep(order_M),
      classes_MK: keep(classes_MK.indexSelect(0, order_M)),
      shares_MK: keep(shares_MK.indexSelect(0, order_M)),
      counts: counts.toArray(),
    };
  });
}

/** The smallest weight that is taken: what is lighter adds up to no more than the tolerance. */
function leastWeight(weight_MK: Tensor, tolerance: number): number {
  const [ascending] = weight_MK.flatten().sortStable(true, 0, false);
  const upTo = ascending.cumsum(0);
  const left = upTo
    .le(upTo.select(0, upTo.numel - 1).mul(tolerance))
    .sum()
    .item();
  return ascending.select(0, Math.min(left, ascending.numel - 1)).item();
}
