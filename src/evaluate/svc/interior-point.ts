/**
 * The dual of the support-vector classifier with a low-rank kernel, by a primal-dual interior-point method.
 *
 *   min_α  ½ αᵀ Y Fᵀ F Y α - Σ α_i    subject to  0 ≤ α_i ≤ u_i,   Σ y_i α_i = 0
 *
 * With w = F Y α and intercept b the conditions of optimality are
 *
 *   y_i (w·F_i + b) - 1 = z_i - s_i,   α_i z_i = 0,   (u_i - α_i) s_i = 0,   z, s ≥ 0.
 *
 * Each iteration solves them linearised, with both products set to a shrinking μ (Mehrotra's predictor and corrector).
 * Eliminating all but (w, b) by Sherman-Morrison-Woodbury leaves a positive definite system of order R + 1,
 *
 *   [I 0; 0 0] + [F; 1] D⁻¹ [F; 1]ᵀ,   D = z/α + s/(u - α),   formed in N (R + 1)² operations.
 *
 * Symbols    F kernel factor [R, N] · y labels ±1, Y = diag y · u upper bounds · μ mean complementarity
 * Shapes     N points, R rank; stacked pairs [2, N] hold (α, u - α) and (z, s)
 * Source     Fine and Scheinberg, JMLR 2 (2001); Mehrotra, SIAM J. Optim. 2 (1992)
 * Reference  none (libsvm's SMO solves the same problem)
 * Differs    w is a separate variable, so that rounding in α cannot move it; u_i may differ by point
 * Cost       20 to 50 iterations
 */
import { callOperator, cat, emptyLike, ones, scope, stack, type Tensor, zeros } from "../../torch/index.ts";
import { solveNormalEquations } from "./normal-equations.ts";

export interface DualProblem {
  /** F, float64 [R, N]: its columns' inner products are the kernel. */
  readonly factor_RP: Tensor;
  /** y, float64 [N], +1 or -1. */
  readonly labels_P: Tensor;
  /** u, float64 [N], > 0. */
  readonly bounds_P: Tensor;
}

export interface DualSolution {
  /** α, float64 [N], strictly between the bounds. */
  readonly multipliers_P: Tensor;
  readonly iterations: number;
  /** μ at the end. */
  readonly complementarity: number;
}

interface Iterate {
  /** (α, u - α), float64 [2, N], > 0; kept apart so that neither loses digits near its bound. */
  readonly primal_2P: Tensor;
  /** (z, s), float64 [2, N], > 0. */
  readonly dual_2P: Tensor;
  /** (w, b), float64 [R + 1]. */
  readonly weights_W: Tensor;
}

interface Workspace {
  /** [F; 1], float64 [R + 1, N]. */
  readonly rows_WP: Tensor;
  /** Diagonal (1, …, 1, 0), float64 [R + 1]. */
  readonly ridge_W: Tensor;
  readonly labels_P: Tensor;
  /** Holds rows_WP D⁻¹. */
  readonly scaled_WP: Tensor;
}

const MAX_ITERATIONS = 150;
const TARGET_COMPLEMENTARITY = 1e-13;
const TARGET_INFEASIBILITY = 1e-9;
// Share of the way to the nearest bound that a step may go.
const STEP_SHARE = 0.995;
const SMALLEST_STEP = 1e-10;

/** Solves to μ ≤ 1e-13, or as far as rounding allows: the caller checks the conditions of optimality. */
export function solveDual(problem: DualProblem): DualSolution {
  return scope(() => {
    const work = prepare(problem);
    let iterate = start(problem);
    for (let iterations = 0; ; iterations++) {
      const { next, complementarity, finished } = scope(() => advance(work, iterate));
      if (finished || iterations === MAX_ITERATIONS) {
        return { multipliers_P: iterate.primal_2P.select(0, 0).clone(), iterations, complementarity };
      }
      for (const tensor of Object.values<Tensor>({ ...iterate })) tensor.dispose();
      iterate = next;
    }
  });
}

function prepare({ factor_RP, labels_P }: DualProblem): Workspace {
  const ones_1P = ones([1, labels_P.numel], { dtype: "float64" });
  const rows_WP = cat([factor_RP, ones_1P], 0);
  const ridge_W = ones([rows_WP.shape[0] ?? 0], { dtype: "float64" });
  ridge_W.narrow(0, ridge_W.numel - 1, 1).zero_();
  return { rows_WP, ridge_W, labels_P, scaled_WP: emptyLike(rows_WP) };
}

function start({ factor_RP, bounds_P }: DualProblem): Iterate {
  const primal_2P = stack([bounds_P, bounds_P]).mul(0.5);
  const rank = factor_RP.shape[0] ?? 0;
  return { primal_2P, dual_2P: primal_2P.onesLike(), weights_W: zeros([rank + 1], { dtype: "float64" }) };
}

interface Advance {
  readonly next: Iterate;
  /** μ of the iterate that was given. */
  readonly complementarity: number;
  /** The given iterate is the answer: it meets the targets, or no further step is possible. */
  readonly finished: boolean;
}

function advance(work: Workspace, iterate: Iterate): Advance {
  const { primal_2P, dual_2P, weights_W } = iterate;
  const products_2P = primal_2P.mul(dual_2P);
  const complementarity = products_2P.mean().item();
  const residuals = residualsOf(work, iterate);
  const infeasibility = residuals.margins_P.abs().max().item();
  if (complementarity <= TARGET_COMPLEMENTARITY && infeasibility <= TARGET_INFEASIBILITY) {
    return { next: iterate, complementarity, finished: true };
  }

  const solve = directions(work, iterate, residuals);
  if (solve === null) return { next: iterate, complementarity, finished: true };
  const predictor = solve(products_2P.neg());
  const reach = Math.min(longestStep(primal_2P, predictor.primal_2P), longestStep(dual_2P, predictor.dual_2P));
  const predicted = primal_2P.add(predictor.primal_2P, reach).mul(dual_2P.add(predictor.dual_2P, reach)).mean().item();
  const centring = (predicted / complementarity) ** 3;

  const secondOrder_2P = predictor.primal_2P.mul(predictor.dual_2P);
  const direction = solve(
    products_2P
      .add(secondOrder_2P)
      .neg()
      .add(centring * complementarity),
  );
  const limit = Math.min(longestStep(primal_2P, direction.primal_2P), longestStep(dual_2P, direction.dual_2P));
  const step = Math.min(1, STEP_SHARE * limit);
  return {
    next: {
      primal_2P: primal_2P.add(direction.primal_2P, step),
      dual_2P: dual_2P.add(direction.dual_2P, step),
      weights_W: weights_W.add(direction.weights_W, step),
    },
    complementarity,
    finished: !(step > SMALLEST_STEP),
  };
}

interface Residuals {
  /** 1 - y (w·F + b) + z - s, float64 [N]. */
  readonly margins_P: Tensor;
  /** (F Y α - w, yᵀ α), float64 [R + 1]. */
  readonly weights_W: Tensor;
}

function residualsOf({ rows_WP, ridge_W, labels_P }: Workspace, { primal_2P, dual_2P, weights_W }: Iterate): Residuals {
  const scores_P = rows_WP.t().mv(weights_W);
  const slack_P = dual_2P.select(0, 0).sub(dual_2P.select(0, 1));
  const dualWeights_W = rows_WP.mv(labels_P.mul(primal_2P.select(0, 0)));
  return {
    margins_P: slack_P.sub(labels_P.mul(scores_P)).add(1),
    weights_W: dualWeights_W.sub(ridge_W.mul(weights_W)),
  };
}

/** The direction that brings the products α z and (u - α) s to their present value plus `change_2P`. */
type Solve = (change_2P: Tensor) => Iterate;

/** Null where rounding has made the system singular. */
function directions(work: Workspace, { primal_2P, dual_2P }: Iterate, residuals: Residuals): Solve | null {
  const { rows_WP, ridge_W, labels_P, scaled_WP } = work;
  const inverse_P = dual_2P.div(primal_2P).sumDim([0]).reciprocal();
  callOperator("aten::mul.out", [rows_WP, inverse_P, scaled_WP]);
  const solveWeights = solveNormalEquations(scaled_WP.mm(rows_WP.t()).add(ridge_W.diag()));
  if (solveWeights === null) return null;

  return (change_2P) => {
    const ratio_2P = change_2P.div(primal_2P);
    const target_P = residuals.margins_P.add(ratio_2P.select(0, 0)).sub(ratio_2P.select(0, 1));
    const weights_W = solveWeights(residuals.weights_W.add(scaled_WP.mv(labels_P.mul(target_P))));
    const alpha_P = target_P.sub(labels_P.mul(rows_WP.t().mv(weights_W))).mul(inverse_P);
    const primalStep_2P = stack([alpha_P, alpha_P.neg()]);
    return {
      primal_2P: primalStep_2P,
      dual_2P: change_2P.sub(dual_2P.mul(primalStep_2P)).div(primal_2P),
      weights_W,
    };
  };
}

/** The largest t ≤ 1 with values + t · change ≥ 0. */
function longestStep(values_2P: Tensor, change_2P: Tensor): number {
  const steepest = change_2P.div(values_2P).min().item();
  return steepest < -1 ? -1 / steepest : 1;
}
