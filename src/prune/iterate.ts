/**
 * A mask from a pruner: in one step, or in several that each score what the last has left.
 *
 *   each of n steps removes  1 - (1 - s)^(1/n)  of what is left
 *
 * Symbols    s sparsity · n steps
 * Source     Tanaka et al., NeurIPS 2020, arXiv:2006.05467, algorithm 1 (exponential schedule)
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d main_synflow.py: numbers of entries are rounded in each step, half to even
 * Differs    nothing known
 */
import { noGrad, scope, type Tensor, where } from "../torch/index.ts";
import type { Allocation, AllocationRequest } from "./allocation.ts";
import { roundHalfEven } from "./global-mask.ts";
import type { Mask } from "./mask.ts";
import type { Pruner, PrunerContext } from "./pruner.ts";

/**
 * Where it takes several steps the model is left under the mask of the last but one.
 * @param onStep told before each step @throws CoppiceError E_ARG, E_DATA as the allocation's
 */
export function maskBy(
  pruner: Pruner,
  context: PrunerContext,
  { allocation, request }: { readonly allocation: Allocation; readonly request: AllocationRequest },
  onStep?: (step: number, steps: number) => void,
): Mask {
  const { rounds: steps = 1 } = pruner;
  const rate = 1 - (1 - request.sparsity) ** (1 / steps);
  let mask: Mask | null = null;
  for (let step = 0; step < steps; step++) {
    onStep?.(step, steps);
    mask?.apply(context.model);
    const before: Mask | null = mask;
    mask = scope((): Mask => {
      const scores = pruner.score(context);
      const total = [...scores.values()].reduce((sum, { numel }) => sum + numel, 0);
      const left = before?.nonzero ?? total;
      const sparsity = steps === 1 ? request.sparsity : 1 - (left - roundHalfEven(rate * left)) / total;
      const next = noGrad(() =>
        allocation.mask(before === null ? scores : belowAll(scores, before), { ...request, sparsity }),
      );
      for (const score of scores.values()) score.dispose();
      return next;
    });
    before?.dispose();
  }
  return mask as unknown as Mask;
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
  for (const tensor of kept.values()) tensor.dispose();
  return ranked;
}
