/**
 * Two clusters of points, and how well they are separated.
 *
 *   min Σ ‖x_i - μ_c(i)‖²  over two means;   silhouette  mean of (b_i - a_i) / max(a_i, b_i)
 *
 * Symbols    a mean distance to the other points of the own cluster · b to those of the other one
 * Shapes     N points · D features
 * Source     Lloyd 1982; Rousseeuw 1987 (silhouettes)
 * Reference  sklearn.cluster.KMeans, sklearn.metrics.silhouette_score
 * Differs    starts from the halves on both sides of the mean in the first coordinate, which is the principal direction here, so that nothing is
 *            drawn; the silhouette is taken of 2,000 points at most, spread evenly, because it costs all their pairs
 */
import { scope, type Tensor, tensor, where } from "../torch/index.ts";

const mostPairs = 2000;
const mostRounds = 100;

export interface TwoClusters {
  /** Whether a point is in the smaller cluster. */
  readonly inSmaller: readonly boolean[];
  /** -1 to 1; 0 where all points are in one cluster. */
  readonly silhouette: number;
}

/** @param points_ND float64, centred, N ≥ 1 */
export function twoMeans(points_ND: Tensor): TwoClusters {
  return scope(() => {
    let second_N = points_ND.select(1, 0).gt(0);
    for (let round = 0; round < mostRounds; round++) {
      const [near, far] = [second_N.logicalNot(), second_N].map((members) => distances(points_ND, members));
      if (near === undefined || far === undefined) break;
      const next_N = far.lt(near);
      const settled = next_N.eq(second_N).all().item() === 1;
      second_N = next_N;
      if (settled) break;
    }
    const second = second_N.toArray().map((value) => value === 1);
    const size = second.filter(Boolean).length;
    const smallerIsSecond = 2 * size <= second.length;
    const inSmaller = second.map((member) => member === smallerIsSecond);
    return { inSmaller, silhouette: silhouetteOf(points_ND, inSmaller) };
  });
}

/** Squared distances [N] to the mean of the members; infinite where there are none. */
function distances(points_ND: Tensor, members_N: Tensor): Tensor {
  const weights = members_N.to("float64");
  const mean_D = weights.unsqueeze(0).mm(points_ND).div(weights.sum());
  const squared = points_ND.sub(mean_D).square().sumDim([1]);
  return where(squared.isfinite(), squared, squared.zerosLike().add(Infinity));
}

function silhouetteOf(points_ND: Tensor, inSmaller: readonly boolean[]): number {
  const count = Math.min(mostPairs, inSmaller.length);
  const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * inSmaller.length) / count));
  const first = chosen.map((position) => (inSmaller[position] === true ? 1 : 0));
  const size = first.reduce<number>((sum, value) => sum + value, 0);
  if (size === 0 || size === count) return 0;
  return scope(() => {
    const points = points_ND.indexSelect(0, tensor(BigInt64Array.from(chosen, BigInt)));
    const squares = points.square().sumDim([1], true);
    const distance_NN = squares.add(squares.t()).sub(points.mm(points.t()).mul(2)).clampMin(0).sqrt();
    const small_N1 = tensor(first, { dtype: "float64" }).unsqueeze(1);
    const toSmall = distance_NN.mm(small_N1).squeeze(1);
    const toLarge = distance_NN.sumDim([1]).sub(toSmall);
    const small_N = small_N1.squeeze(1).gt(0);
    // The point itself does not count among the other points of its cluster.
    const own = where(small_N, toSmall.div(Math.max(1, size - 1)), toLarge.div(Math.max(1, count - size - 1)));
    const other = where(small_N, toLarge.div(count - size), toSmall.div(size));
    const scale = own.maximum(other).clampMin(Number.MIN_VALUE);
    return other.sub(own).div(scale).mean().item();
  });
}
