/**
 * Which options a grid of cleanses uses. A method's candidates are ordered from the weakest to the strongest; the strongest is chosen after which the
 * accuracy on clean held-out images is at most τ below the original's.
 *
 *   the largest k with acc_k(H) ≥ acc(H) - τ, or the first where there is no such k
 *
 * Symbols    H clean images held out of training · acc(H) accuracy of the Trojaned model on them, acc_k(H) after the cleanse with candidate k · τ tolerance
 * Source     the rule by which fine-pruning sets how much it prunes: Liu et al., RAID 2018, arXiv:1805.12185, algorithm 1
 * Reference  none
 * Differs    chooses options of unlearning; like there, the attack's success is not looked at
 */
import type { OptionValues } from "../../unlearn/index.ts";

export interface OptionSearch {
  readonly method: string;
  /** From the weakest to the strongest, at least one. */
  readonly candidates: readonly OptionValues[];
  /** τ, in [0, 1]. */
  readonly tolerance: number;
}

/** Accuracies on H, in [0, 1]. */
export interface HeldOutAccuracy {
  readonly before: number;
  readonly after: number;
}

/** @returns the index of the chosen candidate */
export function choose(candidates: readonly HeldOutAccuracy[], tolerance: number): number {
  return Math.max(
    0,
    candidates.findLastIndex(({ before, after }) => after >= before - tolerance),
  );
}
