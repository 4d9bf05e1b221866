/**
 * Principal components: the directions of largest variance of a set of points.
 *
 *   C = (X - mean)ᵀ (X - mean),  C v = λ v;   the k eigenvectors of the largest λ
 *
 * Shapes     N points · D features · k directions
 * Source     Pearson 1901; the right singular vectors of the centred points
 * Reference  sklearn.decomposition.PCA, numpy.linalg.svd of the centred points
 * Differs    by the D x D matrix and in float64; the sign of a direction is arbitrary
 */
import { scope, type Tensor } from "../torch/index.ts";

/** The points [N, D] in their `count` principal directions, or in all D where there are fewer: float64 [N, k]. */
export function principalCoordinates(points_ND: Tensor, count: number): Tensor {
  return scope(() => {
    const points = points_ND.to("float64");
    const centred_ND = points.sub(points.meanDim([0], true));
    const [, vectors_DD] = centred_ND.t().mm(centred_ND).linalgEigh();
    const width = points.shape[1] ?? 0;
    const kept = Math.min(count, width);
    return centred_ND.mm(vectors_DD.narrow(1, width - kept, kept).flip([1]));
  });
}
