/**
 * The Fisher information of the logits in as few terms as will do, and which of them are worth a backward pass.
 *
 *   diag(p) - p pᵀ = Σ_r d_r l_r l_rᵀ,   d_r = p_r q_r / (p_r + q_r),   l_r = e_r - Σ_{k > r} (p_k / q_r) e_k,   q_r = Σ_{k > r} p_k
 *
 * Term r tells class r from those after it. With the likeliest class first, an image between two classes has one term that matters where
 * Σ_y p_y (e_y - p)(e_y - p)ᵀ has two. The lightest terms, weights d_r ‖l_r‖², are left out, of all images together, as long as their
 * weights add up to no more than the tolerance of the whole, and the others count more by what is missing: left out, every weight of the
 * network loses about the same share of its information.
 *
 * Symbols    p predictions of an image, likeliest first · e_r unit vectors · M images, K classes, N images of a batch
 * Source     the decomposition: Tanabe and Sagae 1992 (the Cholesky factor of a multinomial covariance); leaving out terms: this project
 * Reference  the eigenvectors of diag(p) - p pᵀ are the best terms there are; numpy.linalg.eigh gives them
 * Differs    the bound is on what goes into the Jacobians: an entry of F is off by about the tolerance at most, not surely (docs/methods.md)
 */
import { arange, constantPadNd, keep, noGrad, scope, softmax, type Tensor } from "../../torch/index.ts";

export interface SplitPlan {
  /** Images by the number of their terms, most first, int64 [M]; kept. */
  readonly order_M: Tensor;
  /** In that order: d_r, 0 where the term is left out, times the whole weight over that of what is taken, float64 [M, K]; kept. */
  readonly shares_MK: Tensor;
  /** Up to which term each image has any that is taken, in that order. */
  readonly counts: readonly number[];
}

/** @param probability_MK predictions @param tolerance in [0, 1); 0 takes every term that is not zero */
export function splitsWorthTaking(probability_MK: Tensor, tolerance: number): SplitPlan {
  return scope(() => {
    const [p_MK] = probability_MK.to("float64").sortStable(true, 1, true);
    const rest_MK = sumAfter(p_MK);
    const share_MK = p_MK.mul(rest_MK).div(p_MK.add(rest_MK).clampMin(smallest));
    const ofOthers_MK = sumAfter(p_MK.square()).div(rest_MK.square().clampMin(smallest));
    const weight_MK = share_MK.mul(ofOthers_MK.add(1));
    const taken_MK = weight_MK.ge(leastWeight(weight_MK, tolerance)).logicalAnd(weight_MK.gt(0));
    // The place of the last term that is taken: there is seldom one before it that is not.
    const counts_M = taken_MK.mul(arange(1, (taken_MK.shape[1] ?? 0) + 1)).amax(1);
    const [counts, order_M] = counts_M.sortStable(true, 0, true);
    const makesUp = weight_MK.sum().div(weight_MK.mul(taken_MK).sum().clampMin(smallest));
    return {
      order_M: keep(order_M),
      shares_MK: keep(share_MK.mul(taken_MK).mul(makesUp).indexSelect(0, order_M)),
      counts: counts.toArray(),
    };
  });
}

/** l_r · z of every image and term, float64 [N, K], the likeliest class first: what a backward pass starts from. Call it in a scope. */
export function splitLosses(logits_NK: Tensor): Tensor {
  const z_NK = logits_NK.to("float64");
  const [p_NK, classes_NK] = noGrad(() => softmax(z_NK.detach(), 1).sortStable(true, 1, true));
  const sorted_NK = z_NK.gather(1, classes_NK);
  const rest_NK = noGrad(() => sumAfter(p_NK).clampMin(smallest));
  return sorted_NK.sub(sumAfter(sorted_NK.mul(p_NK)).div(rest_NK));
}

/** In place of a zero below a fraction whose numerator is zero as well. */
const smallest = 1e-300;

/** Σ over the entries after each, along the last dimension; from the small ones up. */
function sumAfter(values_MK: Tensor): Tensor {
  const after = values_MK.slice(1, 1).flip([1]).cumsum(1).flip([1]);
  return constantPadNd(after, [0, 1], 0);
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
