/**
 * The radial basis function kernel k(x, x') = exp(-γ ‖x - x'‖²) over a fixed set of points, a block at a time.
 *
 *   -γ ‖x - x'‖² = [2γ x, -γ ‖x‖², 1] · [x', 1, -γ ‖x'‖²]
 *
 * so a block of the kernel is one matrix product and one exponential. Points are centred first, which keeps the norms,
 * and with them the cancellation in this expansion, small.
 *
 * Symbols    γ width · N points · D features · M queries
 * Source     Schölkopf and Smola, Learning with Kernels, 2002
 * Reference  libsvm 3.25 svm.cpp, Kernel::kernel_rbf
 * Differs    float64 throughout; libsvm keeps its cached columns in float32
 */
import { callOperator, cat, empty, ones, scope, type Tensor } from "../../torch/index.ts";
import { CoppiceError } from "../../util/errors.ts";

export interface RbfKernel {
  /** Number of points N. */
  readonly size: number;
  readonly gamma: number;
  /** Mean of the points, float64 [1, D]. */
  readonly centre_1D: Tensor;
  /** [2γ x, -γ ‖x‖², 1] by point, float64 [N, D + 2]. */
  readonly left_NE: Tensor;
  /** [x', 1, -γ ‖x'‖²] by point, transposed, float64 [D + 2, N]. */
  readonly right_EN: Tensor;
}

// Beyond this value of γ ‖x‖² rounding changes kernel values by more than 1e-9.
const MAX_SCALED_NORM = 1e7;
// Entries of a kernel block: 2 MiB, so that the exponential finds in cache what the product left there.
const BLOCK_ENTRIES = 2 ** 18;

/**
 * @param points float64 [N, D]
 * @param gamma > 0
 * @throws CoppiceError E_ARG when the points spread so far that float64 cannot hold their distances
 */
export function rbfKernel(points: Tensor, gamma: number): RbfKernel {
  return scope(() => {
    const centre_1D = points.meanDim([0], true);
    const [left_NE, right_NE] = expand(points.sub(centre_1D), gamma);
    const widest = left_NE.select(1, -2).abs().max().item();
    if (widest > MAX_SCALED_NORM) {
      throw new CoppiceError("E_ARG", `svc.features: expected gamma * |x|^2 <= ${MAX_SCALED_NORM}, got ${widest}`, {
        hint: "bring the features to a comparable scale",
      });
    }
    return { size: points.shape[0] ?? 0, gamma, centre_1D, left_NE, right_EN: right_NE.t().contiguous() };
  });
}

/** k(x_i, ·): float64 [N]. */
export function kernelRow(kernel: RbfKernel, index: number): Tensor {
  const row = kernel.left_NE.narrow(0, index, 1).mm(kernel.right_EN);
  callOperator("aten::exp_", [row]);
  return row.reshape([kernel.size]);
}

/**
 * Σ_j k(q_i, x_j) v_j without ever holding more than a block of the kernel.
 *
 * @param queries float64 [M, D]
 * @param weights v, float64 [N]
 * @returns float64 [M]
 */
export function kernelProduct(kernel: RbfKernel, queries: Tensor, weights: Tensor): Tensor {
  return scope(() => {
    const [left_ME] = expand(queries.sub(kernel.centre_1D), kernel.gamma);
    const numQueries = queries.shape[0] ?? 0;
    const sums_M = empty([numQueries], { dtype: "float64" });
    const rows = Math.max(1, Math.min(numQueries, Math.floor(BLOCK_ENTRIES / kernel.size)));
    const buffer_BN = empty([rows, kernel.size], { dtype: "float64" });
    for (let start = 0; start < numQueries; start += rows) {
      scope(() => {
        const length = Math.min(rows, numQueries - start);
        const block_BN = buffer_BN.narrow(0, 0, length);
        callOperator("aten::mm.out", [left_ME.narrow(0, start, length), kernel.right_EN, block_BN]);
        callOperator("aten::exp_", [block_BN]);
        sums_M.narrow(0, start, length).copy_(block_BN.mv(weights));
      });
    }
    return sums_M;
  });
}

function expand(centred_ND: Tensor, gamma: number): [Tensor, Tensor] {
  const norms_N1 = centred_ND.square().sumDim([1], true).mul(-gamma);
  const ones_N1 = ones(norms_N1.shape, { dtype: "float64" });
  return [cat([centred_ND.mul(2 * gamma), norms_N1, ones_N1], 1), cat([centred_ND, ones_N1, norms_N1], 1)];
}
