/**
 * Support-vector classifier with a radial basis function kernel, solved to the optimum.
 *
 *   min_{w,b}  ½ ‖w‖² + C Σ_i max(0, 1 - y_i (w·φ(x_i) + b)),     φ(x)·φ(x') = exp(-γ ‖x - x'‖²)
 *   decision(x) = Σ_j α_j y_j k(x, x_j) + b
 *
 * Equal points with equal labels are merged into one with the bound C times their number. The kernel is factored
 * incompletely, the dual solved by an interior-point method in the factor's rank, and the answer then checked against the
 * kernel itself: if it is not optimal enough, the factor is grown and the dual solved again.
 *
 * Symbols    C cost · γ width, 1 / D by default · N samples, D features, P distinct points, S support vectors, R rank, M queries
 * Source     Cortes and Vapnik, Machine Learning 20 (1995); Fine and Scheinberg, JMLR 2 (2001)
 * Reference  scikit-learn SVC(C=3, kernel="rbf", gamma="auto"), which is libsvm
 * Differs    libsvm stops at a violation of 1e-3; this one at 1e-4 or below, mostly near 1e-7, and it refuses what is above 1e-3
 */
import { scope, type Tensor } from "../../torch/index.ts";
import { expectInteger, expectPositive } from "../../util/assert.ts";
import { CoppiceError } from "../../util/errors.ts";
import { hingeIntercept } from "./hinge-intercept.ts";
import { factorKernel, type KernelFactor } from "./incomplete-cholesky.ts";
import { solveDual } from "./interior-point.ts";
import { kktViolation } from "./kkt-violation.ts";
import { onOneThread } from "./one-thread.ts";
import { kernelProduct, type RbfKernel, rbfKernel } from "./rbf-kernel.ts";
import { mergeDuplicates, type WeightedPoints } from "./weighted-points.ts";

export interface SvcOptions {
  /** C, > 0; default 3. */
  readonly cost?: number;
  /** γ, > 0; default 1 / D, scikit-learn's `auto`. */
  readonly gamma?: number;
  /** Rank of the kernel's factor at most, ≥ 1; by default what a few seconds per iteration allow. */
  readonly maxRank?: number;
}

export interface SvcModel {
  /** The kernel over the support vectors, of which there are S. */
  readonly kernel: RbfKernel;
  /** α y of the support vectors, float64 [S]. */
  readonly coefficients_S: Tensor;
  /** b; where an interval of values is optimal, its midpoint. */
  readonly intercept: number;
  /** Largest violation of the conditions of optimality: `kktViolation`, or |Σ y α| / C where that is larger. */
  readonly violation: number;
  /** Rank of the kernel factor that was used. */
  readonly rank: number;
  /** Interior-point iterations of the last solve. */
  readonly iterations: number;
}

// The first factor may cost this many multiplications per iteration (P R²), each further one, of twice the rank, four times as many.
const FIRST_WORK = 7.5e8;
// Some seconds per iteration: a kernel that needs a higher rank than this allows is refused.
const MAX_WORK = 64 * FIRST_WORK;
// With a residual below this, divided by the largest possible sum of multipliers, scores of the factor and of the kernel itself
// differ by no more than this.
const SCORE_TOLERANCE = 1e-6;
const TARGET_VIOLATION = 1e-4;
// libsvm's default tolerance: nothing worse is ever returned.
const MAX_VIOLATION = 1e-3;
// Multipliers below this share of their bound are zero up to rounding.
const NEGLIGIBLE_SHARE = 1e-12;

/**
 * Trains on `features` float64 [N, D] with `labels` float64 [N], +1 (member) or -1.
 * The model's tensors belong to the caller's scope.
 *
 * @throws CoppiceError E_ARG for features that are not finite or too wide, other labels, or a class without samples;
 *   E_NATIVE when no solution within libsvm's own tolerance was found
 */
export function fitSvc(features: Tensor, labels: Tensor, options: SvcOptions = {}): SvcModel {
  checkTrainingSet(features, labels);
  const cost = options.cost ?? 3;
  const gamma = options.gamma ?? 1 / (features.shape[1] ?? 1);
  expectPositive("svc.cost", cost);
  expectPositive("svc.gamma", gamma);
  if (options.maxRank !== undefined) expectInteger("svc.maxRank", options.maxRank, { min: 1 });

  return onOneThread(() =>
    scope(() => {
      const points = mergeDuplicates(features, labels);
      const kernel = rbfKernel(points.features_PD, gamma);
      return fitPoints({ points, kernel, bounds_P: points.counts_P.mul(cost), maxRank: options.maxRank ?? Infinity });
    }),
  );
}

/** decision(x) for each of `queries` float64 [M, D], positive for the class +1: float64 [M]. */
export function svcDecision(model: SvcModel, queries: Tensor): Tensor {
  return onOneThread(() =>
    scope(() => kernelProduct(model.kernel, queries, model.coefficients_S).add(model.intercept)),
  );
}

interface Problem {
  readonly points: WeightedPoints;
  readonly kernel: RbfKernel;
  /** C times the count of each point, float64 [P]. */
  readonly bounds_P: Tensor;
  readonly maxRank: number;
}

function fitPoints(problem: Problem): SvcModel {
  const tolerance = SCORE_TOLERANCE / problem.bounds_P.sum().item();
  let factor: KernelFactor | undefined;
  for (let work = FIRST_WORK; ; work *= 4) {
    const maxRank = Math.min(problem.maxRank, Math.max(1, Math.floor(Math.sqrt(work / problem.kernel.size))));
    const grown = factorKernel(problem.kernel, { maxRank, tolerance }, factor);
    const complete = grown.residual <= tolerance;
    const model = scope(() => solve(problem, grown.factor_RP, complete));
    if (model.violation <= TARGET_VIOLATION) return model;
    if (complete || work >= MAX_WORK || maxRank === problem.maxRank) {
      if (model.violation <= MAX_VIOLATION) return model;
      throw notSolved(model, problem.kernel.size);
    }
    factor = grown;
  }
}

/** `complete`: the factor stands for the kernel as far as training scores go. */
function solve({ points, kernel, bounds_P }: Problem, factor_RP: Tensor, complete: boolean): SvcModel {
  const { labels_P, counts_P, features_PD } = points;
  const { multipliers_P, iterations } = solveDual({ factor_RP, labels_P, bounds_P });
  const shares_P = multipliers_P.div(bounds_P);
  const support_S = shares_P.gt(NEGLIGIBLE_SHARE).nonzero().squeeze(1);
  const supported = rbfKernel(features_PD.indexSelect(0, support_S), kernel.gamma);
  const coefficients_P = multipliers_P.mul(labels_P);
  const coefficients_S = coefficients_P.indexSelect(0, support_S);

  const scores_P = complete
    ? factor_RP.t().mv(factor_RP.mv(coefficients_P))
    : kernelProduct(supported, features_PD, coefficients_S);
  const intercept = hingeIntercept(scores_P, labels_P, counts_P);
  const imbalance = Math.abs(coefficients_P.sum().item()) / bounds_P.min().item();
  const violation = Math.max(imbalance, kktViolation(shares_P, scores_P.add(intercept).mul(labels_P)));
  return { kernel: supported, coefficients_S, intercept, violation, rank: factor_RP.shape[0] ?? 0, iterations };
}

function checkTrainingSet(features: Tensor, labels: Tensor): void {
  const [samples, width] = features.shape;
  if (features.dim() !== 2 || labels.dim() !== 1 || samples !== labels.numel || width === 0) {
    const got = `[${features.shape.join(", ")}] and [${labels.shape.join(", ")}]`;
    throw new CoppiceError("E_SHAPE", `svc: expected features [N, D] and labels [N], got ${got}`);
  }
  if (features.dtype !== "float64" || labels.dtype !== "float64") {
    throw new CoppiceError("E_DTYPE", `svc: expected float64, got ${features.dtype} and ${labels.dtype}`);
  }
  scope(() => {
    const [positive, negative] = [1, -1].map((label) => labels.eq(label).sum().item()) as [number, number];
    if (positive === 0 || negative === 0 || positive + negative !== samples) {
      const got = `${positive} and ${negative} of ${samples}`;
      throw new CoppiceError("E_ARG", `svc.labels: expected samples of both classes, +1 and -1, got ${got}`);
    }
    const broken = features.isfinite().logicalNot().sum().item();
    if (broken > 0)
      throw new CoppiceError("E_ARG", `svc.features: expected finite numbers, got ${broken} that are not`);
  });
}

function notSolved({ violation, rank, iterations }: SvcModel, numPoints: number): CoppiceError {
  const reached = `${violation.toExponential(1)} (rank ${rank} of ${numPoints}, ${iterations} iterations)`;
  return new CoppiceError(
    "E_NATIVE",
    `svc: expected a violation of optimality of at most ${MAX_VIOLATION}, got ${reached}`,
    {
      hint: "use fewer training scores, or features on a comparable scale",
    },
  );
}
