/**
 * A mask from scores, all layers together: the given share of entries with the smallest scores is removed.
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934 (global unstructured pruning)
 * Reference  torch.nn.utils.prune.global_unstructured as called by OPTML-Group/Unlearn-Sparse@80ba55d
 * Differs    equal scores are removed in parameter order, where torch.topk leaves the choice open
 */
import { cat, scope, type Tensor } from "../torch/index.ts";
import { expectRange } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { Mask } from "./mask.ts";

/**
 * Keeps the entries with the largest scores. @param sparsity share to remove, in [0, 1)
 * @throws CoppiceError E_ARG for a sparsity outside of [0, 1), E_DATA for scores that are not finite.
 */
export function globalMask(scores: ReadonlyMap<string, Tensor>, sparsity: number): Mask {
  expectRange("sparsity", sparsity, 0, 1, true);
  checkScores(scores);
  return scope(() => {
    const flat = cat([...scores.values()].map((score) => score.detach().reshape([-1])));
    const removed = roundHalfEven(sparsity * flat.numel);
    const [, order] = flat.sortStable(true, 0, false);
    const kept = flat
      .to("bool")
      .fill_(1)
      .indexFill_(0, order.narrow(0, 0, removed), 0);
    let start = 0;
    const parts = new Map<string, Tensor>();
    for (const [name, score] of scores) {
      parts.set(name, kept.narrow(0, start, score.numel).reshape([...score.shape]));
      start += score.numel;
    }
    return Mask.of(parts);
  });
}

/** @throws CoppiceError E_DATA for scores that are not finite. */
export function checkScores(scores: ReadonlyMap<string, Tensor>): void {
  scope(() => {
    const finite = cat([...scores.values()].map((score) => score.detach().isfinite().all().reshape([1])));
    if (finite.all().item() !== 0) return;
    throw new CoppiceError("E_DATA", "pruning scores: expected finite numbers, got NaN or infinity", {
      hint: "the model's weights are not finite: train it again with a lower learning rate",
    });
  });
}

/** Python's round(), which decides how many entries the reference removes. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
