/**
 * How far a point is from satisfying the conditions of optimality of the support-vector dual.
 *
 *   max_i | a_i - clamp(a_i - (y_i f_i - 1), 0, 1) |,     a = α / u
 *
 * It is 0 exactly at a solution: a_i = 0 where y f ≥ 1, a_i = 1 where y f ≤ 1, y f = 1 in between. For 0 < a_i < 1 it is the
 * distance of y f from 1, so it has the scale of libsvm's tolerance.
 *
 * Symbols    α multiplier · u its bound · f decision value · y label ±1
 * Source     Karush-Kuhn-Tucker conditions as a projected gradient; Nocedal and Wright, Numerical Optimization, 2006
 * Reference  libsvm 3.25 svm.cpp, Solver::select_working_set (its violation is a difference of two such terms)
 * Differs    multipliers close to a bound count in proportion to their distance from it; libsvm rounds them to it first
 */
import { scope, type Tensor } from "../../torch/index.ts";

/**
 * @param shares_P α / u, float64 [N], 0 to 1
 * @param margins_P y f, float64 [N]
 */
export function kktViolation(shares_P: Tensor, margins_P: Tensor): number {
  return scope(() => {
    const moved_P = shares_P.sub(margins_P.sub(1)).clamp(0, 1);
    return shares_P.sub(moved_P).abs().max().item();
  });
}
