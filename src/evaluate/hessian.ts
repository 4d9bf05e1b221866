/**
 * The largest singular value of the loss's Hessian among the weights that live.
 *
 *   σ(m) = max_j |λ_j(P H P)|,  H = ∇² CE(θ; D),  P the projection on living weights;   H v by two backward passes
 *
 * Lanczos with full reorthogonalisation: T_k = Q_kᵀ P H P Q_k, whose eigenvalue of largest size converges first.
 *
 * Symbols    D images · m mask · q_k Lanczos vectors · T_k tridiagonal
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, proposition 2 (σ(m)); Pearlmutter, Neural Computation 1994 (H v);
 *            Lanczos 1950
 * Reference  OPTML-Group/Unlearn-Sparse, branch of January 2023, lanczos.py
 * Differs    vectors are orthogonalised against all earlier ones, so that no eigenvalue comes twice; the first vector is zero where the mask is
 */
import { type BatchSource, positionsFrom } from "../data/batches.ts";
import type { Model } from "../models/index.ts";
import { crossEntropy, evaluationMode } from "../nn/index.ts";
import type { Mask } from "../prune/mask.ts";
import {
  cat,
  enableGrad,
  type Generator,
  grad,
  keep,
  linalgEigvalsh,
  noGrad,
  randn,
  scope,
  type Tensor,
  zeros,
} from "../torch/index.ts";
import { expectInteger, expectPositive } from "../util/assert.ts";

/** v to A v, for a symmetric A; both flat, [d]. */
export type Product = (vector_D: Tensor) => Tensor;

export interface LanczosOptions {
  /** Most products; default 60. */
  readonly iterations?: number;
  /** Relative change of the value between two iterations at which it is good enough; default 1e-4. */
  readonly tolerance?: number;
}

export interface LargestEigenvalue {
  /** Of the largest size, with its sign. */
  readonly value: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** @param start [d], not zero; the eigenvector must not be orthogonal to it */
export function largestEigenvalue(
  product: Product,
  start: Tensor,
  { iterations = 60, tolerance = 1e-4 }: LanczosOptions = {},
): LargestEigenvalue {
  expectInteger("lanczos.iterations", iterations, { min: 1 });
  expectPositive("lanczos.tolerance", tolerance);
  return noGrad(() =>
    scope(() => {
      const vectors: Tensor[] = [start.div(start.norm().item())];
      const [alpha, beta]: [number[], number[]] = [[], []];
      let value = 0;
      for (let k = 0; k < iterations; k++) {
        const current = vectors[k] as Tensor;
        let next = product(current);
        alpha.push(next.dot(current).item());
        // Twice, because once leaves what rounding has left.
        for (let pass = 0; pass < 2; pass++) for (const v of vectors) next = next.sub(v, next.dot(v).item());
        const before = value;
        value = extreme(alpha, beta);
        const length = next.norm().item();
        const small = length <= 1e-10 * Math.abs(value);
        if (small || (k > 0 && Math.abs(value - before) <= tolerance * Math.abs(value)))
          return { value, iterations: k + 1, converged: true };
        beta.push(length);
        vectors.push(next.div(length));
      }
      return { value, iterations, converged: false };
    }),
  );
}

/** The eigenvalue of largest size of the tridiagonal matrix. */
function extreme(alpha: readonly number[], beta: readonly number[]): number {
  return scope(() => {
    const size = alpha.length;
    const matrix = zeros([size, size], { dtype: "float64" });
    alpha.forEach((value, i) => matrix.select(0, i).select(0, i).fill_(value));
    beta.slice(0, size - 1).forEach((value, i) => {
      matrix
        .select(0, i)
        .select(0, i + 1)
        .fill_(value);
      matrix
        .select(0, i + 1)
        .select(0, i)
        .fill_(value);
    });
    const values = linalgEigvalsh(matrix).toArray();
    const [low = 0, high = 0] = [values[0], values.at(-1)];
    return Math.abs(low) > Math.abs(high) ? low : high;
  });
}

export interface HessianOptions extends LanczosOptions {
  /** Default 256. */
  readonly batchSize?: number;
}

/**
 * σ(m) of the mean cross-entropy on `source`, the model in evaluation mode, over all its parameters but masked weights.
 * The model's mode and its gradients are put back.
 */
export function hessianNorm(
  model: Model,
  source: BatchSource,
  { mask, generator, ...options }: HessianOptions & { readonly mask: Mask | null; readonly generator: Generator },
): LargestEigenvalue {
  using _mode = evaluationMode(model);
  const [first] = model.parameters();
  const count = model.parameters().reduce((sum, { numel }) => sum + numel, 0);
  const start = keep(scope(() => living(model, mask, randn([count], { generator }).to(first?.dtype ?? "float32"))));
  const found = largestEigenvalue((v) => hessianProduct(model, source, v, { mask, ...options }), start, options);
  start.dispose();
  return { ...found, value: Math.abs(found.value) };
}

/** P H P v, [d]. */
export function hessianProduct(
  model: Model,
  source: BatchSource,
  vector_D: Tensor,
  { mask, batchSize = 256 }: { readonly mask: Mask | null; readonly batchSize?: number },
): Tensor {
  const parameters = model.parameters();
  const sum = vector_D.zerosLike();
  const projected = living(model, mask, vector_D);
  for (let start = 0; start < source.count; start += batchSize) {
    scope(() => {
      const { images, labels } = source.take(positionsFrom(start, Math.min(batchSize, source.count - start)), null);
      const product = enableGrad(() => {
        const loss = crossEntropy(model.call(images), labels, { reduction: "sum" });
        const gradients = grad([loss], parameters, { createGraph: true });
        const along = flat(gradients).mul(projected).sum();
        return flat(grad([along], parameters));
      });
      noGrad(() => sum.add_(product.detach(), 1 / source.count));
    });
  }
  return noGrad(() => living(model, mask, sum));
}

function flat(tensors: readonly Tensor[]): Tensor {
  return cat(tensors.map((tensor) => tensor.flatten()));
}

/** The vector with masked entries at zero. */
function living(model: Model, mask: Mask | null, vector_D: Tensor): Tensor {
  if (mask === null) return vector_D;
  return noGrad(() => {
    const parts = new Map<string, Tensor>();
    let start = 0;
    for (const [name, { numel, shape }] of model.namedParameters()) {
      parts.set(
        name,
        vector_D
          .narrow(0, start, numel)
          .clone()
          .view([...shape]),
      );
      start += numel;
    }
    mask.applyTo(parts);
    return flat([...parts.values()]);
  });
}
