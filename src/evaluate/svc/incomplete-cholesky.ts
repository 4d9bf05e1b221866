/**
 * Incomplete Cholesky factorisation with pivoting: K ≈ F Fᵀ from a few columns of K, never K itself.
 *
 *   pivot p = argmax d;   f = (K_p - F F_pᵀ) / √d_p;   d ← d - f²
 *
 * K - F Fᵀ is positive semi-definite with diagonal d, so every entry of it is at most max d in magnitude: the error is known.
 *
 * Symbols    K kernel matrix [N, N] · F factor, kept transposed [R, N] · d remaining diagonal [N]
 * Source     Fine and Scheinberg, JMLR 2 (2001); Bach and Jordan, JMLR 3 (2002)
 * Reference  none
 * Differs    the factor can be grown later, from where it stopped
 */
import { empty, ones, scope, type Tensor } from "../../torch/index.ts";
import { kernelRow, type RbfKernel } from "./rbf-kernel.ts";

export interface KernelFactor {
  /** Fᵀ, float64 [R, N]. */
  readonly factor_RP: Tensor;
  /** d, float64 [N]; 0 at the pivots. */
  readonly remaining_P: Tensor;
  /** max d: no entry of K - F Fᵀ is larger in magnitude. */
  readonly residual: number;
}

export interface FactorLimits {
  /** R at most. */
  readonly maxRank: number;
  /** Stops once max d is no larger. */
  readonly tolerance: number;
}

/** Factors the kernel, or continues `previous` where that one stopped. Returns new tensors; `previous` stays valid. */
export function factorKernel(kernel: RbfKernel, limits: FactorLimits, previous?: KernelFactor): KernelFactor {
  return scope(() => {
    const done = previous?.factor_RP.shape[0] ?? 0;
    const maxRank = Math.min(kernel.size, limits.maxRank);
    let storage_RP = empty([Math.min(maxRank, Math.max(64, 2 * done)), kernel.size], { dtype: "float64" });
    if (previous !== undefined) storage_RP.narrow(0, 0, done).copy_(previous.factor_RP);
    const remaining_P = previous?.remaining_P.clone() ?? ones([kernel.size], { dtype: "float64" });

    let rank = done;
    let [residual, pivot] = largest(remaining_P);
    while (rank < maxRank && residual > limits.tolerance) {
      if (rank === storage_RP.shape[0]) storage_RP = grow(storage_RP, Math.min(maxRank, 2 * rank));
      addColumn(kernel, { storage_RP, remaining_P, rank, pivot, residual });
      rank++;
      [residual, pivot] = largest(remaining_P);
    }
    const factor_RP = rank === storage_RP.shape[0] ? storage_RP : storage_RP.narrow(0, 0, rank).clone();
    return { factor_RP, remaining_P, residual: Math.max(0, residual) };
  });
}

interface Step {
  readonly storage_RP: Tensor;
  readonly remaining_P: Tensor;
  readonly rank: number;
  readonly pivot: number;
  readonly residual: number;
}

function addColumn(kernel: RbfKernel, { storage_RP, remaining_P, rank, pivot, residual }: Step): void {
  scope(() => {
    const column_P = kernelRow(kernel, pivot);
    if (rank > 0) {
      const before_RP = storage_RP.narrow(0, 0, rank);
      column_P.sub_(before_RP.t().mv(before_RP.select(1, pivot).contiguous()));
    }
    column_P.div_(Math.sqrt(residual));
    storage_RP.select(0, rank).copy_(column_P);
    remaining_P.sub_(column_P.square()).clampMin_(0);
    remaining_P.narrow(0, pivot, 1).zero_();
  });
}

function largest(values_P: Tensor): [value: number, index: number] {
  return scope(() => {
    const [value, index] = values_P.maxDim(0);
    return [value.item(), index.item()];
  });
}

function grow(storage_RP: Tensor, rows: number): Tensor {
  const [used = 0, columns = 0] = storage_RP.shape;
  const larger_RP = empty([rows, columns], { dtype: "float64" });
  larger_RP.narrow(0, 0, used).copy_(storage_RP);
  storage_RP.dispose();
  return larger_RP;
}
