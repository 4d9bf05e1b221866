/** Positive definite systems that an interior-point method makes: entries over many orders of magnitude, solved by Cholesky. */
import { callOperator, type Tensor } from "../../torch/index.ts";

// Relative shifts of the diagonal, tried in turn: rounding can make the smallest pivots of a valid system negative.
const SHIFTS = [0, 1e-15, 1e-13, 1e-11];

/**
 * A solver of `matrix x = right`, the diagonal scaled to 1 first; null when the matrix is not positive definite even after a shift
 * of its diagonal by 1e-11, or not finite.
 *
 * @param matrix float64 [n, n], symmetric
 * @returns from the right-hand side float64 [n] to x float64 [n], refined once
 */
export function solveNormalEquations(matrix: Tensor): ((right: Tensor) => Tensor) | null {
  const scale = matrix.diag().rsqrt();
  const scaled = matrix.mul(scale).mul(scale.unsqueeze(1));
  for (const shift of SHIFTS) {
    const shifted = shift === 0 ? scaled : scaled.add(scale.onesLike().mul(shift).diag());
    const [factor, info] = callOperator("aten::linalg_cholesky_ex", [shifted]) as [Tensor, Tensor];
    if (info.item() !== 0 || !Number.isFinite(factor.sum().item())) continue;
    const solve = (right: Tensor): Tensor => right.unsqueeze(1).choleskySolve(factor).squeeze(1);
    return (right) => {
      const target = right.mul(scale);
      const first = solve(target);
      return first.add(solve(target.sub(scaled.mv(first)))).mul(scale);
    };
  }
  return null;
}
