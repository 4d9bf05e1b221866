/**
 * A mask from a pruner: in one step, or in several that each score what the last has left.
 *
 *   each of n steps removes  1 - (1 - s)^(1/n)  of what is left
 *
 * Symbols    s sparsity · n steps
 * Source     Tanaka et al., NeurIPS 2020, arXiv:2006.05467, algorithm 1 (exponential schedule)
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d main_synflow.py: numbers of entries are rounded in each step, half to even
 * Differs    no known difference
 */
import { disposeAll, noGrad, scope, type Tensor, where } from "../torch/index.ts";
import type { Allocation, AllocationRequest } from "./allocation.ts";
import { roundHalfEven } from "./global-mask.ts";
import { CoppiceError, invariant } from "../util/errors.ts";
import { connectLayers } from "./connect-layers.ts";
import type { Mask } from "./mask.ts";
import type { Pruner, PrunerContext } from "./pruner.ts";

/** How a mask is made of scores. */
export interface MaskOptions {
  readonly allocation: Allocation;
  readonly request: AllocationRequest;
  /** The mask before: weights that it has removed stay removed. */
  readonly before?: Mask | null;
  /** No layer is left without a weight. */
  readonly keepConnected?: boolean;
}

/**
 * Where it takes several steps the model is left under the mask of the last but one.
 * @param onStep told before each step @throws CoppiceError E_ARG, E_DATA as the allocation's, and when nothing would be left
 */
export function maskBy(
  pruner: Pruner,
  context: PrunerContext,
  { allocation, request, before: already = null, keepConnected = false }: MaskOptions,
  onStep?: (step: number, steps: number) => void,
): Mask {
  const { steps = 1 } = pruner;
  const rate = 1 - (1 - request.sparsity) ** (1 / steps);
  let mask: Mask | null = already;
  for (let step = 0; step < steps; step++) {
    onStep?.(step, steps);
    mask?.apply(context.model);
    const before: Mask | null = mask;
    mask = scope((): Mask => {
      const scores = pruner.score(context);
      const total = [...scores.values()].reduce((sum, { numel }) => sum + numel, 0);
      const left = before?.nonzero ?? total;
      const sparsity = steps === 1 ? request.sparsity : 1 - (left - roundHalfEven(rate * left)) / total;
      const next = noGrad(() => {
        const ranked = before === null ? scores : belowAll(scores, before);
        // The budget holds for the final mask. Earlier steps keep more weights, which need more multiplications, so theirs is larger.
        const flops = step === steps - 1 ? request.flops : Math.max(request.flops, Math.min(1, 2 * (1 - sparsity)));
        const allocated = allocation.mask(ranked, { ...request, sparsity, flops });
        return keepConnected ? connectLayers(allocated, ranked) : allocated;
      });
      disposeAll(scores);
      return next;
    });
    before?.dispose();
  }
  return somethingLeft(mask, request);
}

function somethingLeft(mask: Mask | null, { sparsity }: AllocationRequest): Mask {
  invariant(mask, "a pruner takes at least one step");
  const all = mask.layers.reduce((sum, { numel }) => sum + numel, 0);
  expectSomethingLeft(mask.nonzero, all, sparsity);
  return mask;
}

/** @param left of `all` weights @throws CoppiceError E_ARG when nothing is left */
export function expectSomethingLeft(left: number, all: number, sparsity: number): void {
  if (left > 0) return;
  const most = Math.floor((1 - 1 / all) * 1e6) / 1e6;
  throw new CoppiceError(
    "E_ARG",
    `sparsity: expected at most ${most} of ${all} weights to be removed, got ${sparsity}, which leaves none`,
    { hint: "lower --sparsity" },
  );
}

/** Scores with what is masked ranked below everything else. */
function belowAll(scores: ReadonlyMap<string, Tensor>, mask: Mask): Map<string, Tensor> {
  const lowest = Math.min(...[...scores.values()].map((score) => score.amin().item())) - 1;
  const kept = mask.toState();
  const ranked = new Map(
    [...scores].map(([name, score]) => {
      const lives = kept.get(`${name}_mask`);
      return [name, lives === undefined ? score : where(lives.ne(0), score, score.zerosLike().add(lowest))];
    }),
  );
  disposeAll(kept);
  return ranked;
}
