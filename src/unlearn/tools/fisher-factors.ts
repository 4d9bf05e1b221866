/**
 * Multinomial Fisher factors: the Fisher information of an image's logits as a sum of few rank-one terms, and which terms get a backward pass.
 *
 *   diag(p) - p pᵀ = Σ_r d_r l_r l_rᵀ,   d_r = p_r q_r / (p_r + q_r),   l_r = e_r - Σ_{k > r} (p_k / q_r) e_k,   q_r = Σ_{k > r} p_k
 *
 * Term r separates class r from the classes after it. The likeliest class comes first, so an image between two classes has one large term, where
 * Σ_y p_y (e_y - p)(e_y - p)ᵀ has two. The terms of smallest weight d_r ‖l_r‖², over all images together, are left out as long as their
 * weights add up to no more than the tolerance times the whole. The kept terms are scaled up by what is missing, because every parameter of the
 * network loses about the same share of its information.
 *
 * Symbols    p predictions of an image, likeliest first · e_r unit vectors · M images, K classes, N images of a batch
 * Source     the decomposition: Tanabe and Sagae 1992 (the Cholesky factor of a multinomial covariance); leaving terms out: this project
 * Reference  numpy.linalg.eigh: the eigenvectors of diag(p) - p pᵀ are the best possible terms
 * Differs    the tolerance bounds the information of the logits. An entry of F is usually, but not always, off by no more than that (docs/reference/methods.md)
 */
import { arange, constantPadNd, keep, noGrad, scope, softmax, type Tensor } from "../../torch/index.ts";

export interface FisherFactors {
  /** Positions of the images by the number of their terms, most first, int64 [M]; the caller disposes of it. */
  readonly order_M: Tensor;
  /** In that order: d_r, 0 where the term is left out, times the whole weight over the kept weight, float64 [M, K]; the caller disposes of it. */
  readonly shares_MK: Tensor;
  /** In that order: the number of terms of each image up to its last kept one. */
  readonly counts: readonly number[];
}

/** @param probability_MK softmax of the logits @param tolerance in [0, 1); 0 keeps every term that is not zero */
export function fisherFactors(probability_MK: Tensor, tolerance: number): FisherFactors {
  return scope(() => {
    const [p_MK] = probability_MK.to("float64").sortStable(true, 1, true);
    const rest_MK = sumAfter(p_MK);
    const share_MK = p_MK.mul(rest_MK).div(p_MK.add(rest_MK).clampMin(smallest));
    const ofOthers_MK = sumAfter(p_MK.square()).div(rest_MK.square().clampMin(smallest));
    const weight_MK = share_MK.mul(ofOthers_MK.add(1));
    const kept_MK = weight_MK.ge(leastKeptWeight(weight_MK, tolerance)).logicalAnd(weight_MK.gt(0));
    // Up to the last kept term; a term before it is seldom left out.
    const counts_M = kept_MK.mul(arange(1, (kept_MK.shape[1] ?? 0) + 1)).amax(1);
    const [counts, order_M] = counts_M.sortStable(true, 0, true);
    const scale = weight_MK.sum().div(weight_MK.mul(kept_MK).sum().clampMin(smallest));
    return {
      order_M: keep(order_M),
      shares_MK: keep(share_MK.mul(kept_MK).mul(scale).indexSelect(0, order_M)),
      counts: counts.toArray(),
    };
  });
}

/** l_r · z of every image and term, float64 [N, K], the likeliest class first: the losses of the backward passes. Call it in a scope. */
export function factorLosses(logits_NK: Tensor): Tensor {
  const z_NK = logits_NK.to("float64");
  const [p_NK, classes_NK] = noGrad(() => softmax(z_NK.detach(), 1).sortStable(true, 1, true));
  const sorted_NK = z_NK.gather(1, classes_NK);
  const rest_NK = noGrad(() => sumAfter(p_NK).clampMin(smallest));
  return sorted_NK.sub(sumAfter(sorted_NK.mul(p_NK)).div(rest_NK));
}

/** Replaces a denominator of zero; the numerator is zero as well. */
const smallest = 1e-300;

/** Σ over the entries after each, along the last dimension (added up from the smallest). */
function sumAfter(values_MK: Tensor): Tensor {
  const after = values_MK.slice(1, 1).flip([1]).cumsum(1).flip([1]);
  return constantPadNd(after, [0, 1], 0);
}

/** The smallest weight that is kept: all smaller ones add up to no more than the tolerance. */
function leastKeptWeight(weight_MK: Tensor, tolerance: number): number {
  const [ascending] = weight_MK.flatten().sortStable(true, 0, false);
  const upTo = ascending.cumsum(0);
  const left = upTo
    .le(upTo.select(0, upTo.numel - 1).mul(tolerance))
    .sum()
    .item();
  return ascending.select(0, Math.min(left, ascending.numel - 1)).item();
}
