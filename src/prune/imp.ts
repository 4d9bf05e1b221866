/**
 * Iterative magnitude pruning: remove a share of the smallest weights, rewind to early weights, train under the mask, and repeat.
 *
 *   each round removes 20 % of what is left;  k rounds: s = 1 - 0.8^k
 *
 * Symbols    s sparsity
 * Source     Frankle et al., ICML 2020, arXiv:1912.05671, algorithm 2 (rewinding to an early epoch); Jia et al., NeurIPS 2023, arXiv:2304.04934
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d main_imp.py --rate 0.2
 * Differs    the last round stops at the sparsity that is asked for
 */
import { CoppiceError } from "../util/errors.ts";
import { roundHalfEven } from "./global-mask.ts";
import { magnitudes } from "./omp.ts";
import { definePruner } from "./pruner.ts";

export const imp = definePruner({
  name: "imp",
  title: "Iterative magnitude pruning (IMP)",
  description:
    "removes the smallest fifth of the weights, rewinds and trains, and repeats until the sparsity is reached",
  source: "Frankle et al., ICML 2020, arXiv:1912.05671",
  weights: "trained",
  roundRate: 0.2,
  score: magnitudes,
});

/** A last round that would remove less than this fraction of what a round removes is left out. */
const negligible = 0.05;

/** Each is a training, in a separate run folder. */
const mostRounds = 1000;

/**
 * Rounds that reach the sparsity when each removes `rate` of what is left.
 * @throws CoppiceError E_ARG when they are more than a thousand
 */
export function roundCount(sparsity: number, rate: number): number {
  const rounds = Math.max(1, Math.ceil(Math.log(1 - sparsity) / Math.log1p(-rate) - negligible));
  if (rounds <= mostRounds) return rounds;
  throw new CoppiceError(
    "E_ARG",
    `rate: expected one that reaches sparsity ${sparsity} within ${mostRounds} rounds, got ${rate}, which takes ${rounds}`,
    { hint: "raise --rate: 0.2 is the published one" },
  );
}

/**
 * The sparsity after each round, the last one the given: each removes `rate` of what is left, rounded half to even.
 * @param total prunable weights @throws CoppiceError E_ARG for too many rounds
 */
export function roundSparsities(total: number, sparsity: number, rate: number): number[] {
  const rounds = roundCount(sparsity, rate);
  let left = total;
  return Array.from({ length: rounds }, (_, i) => {
    left -= roundHalfEven(rate * left);
    return i === rounds - 1 ? sparsity : 1 - left / total;
  });
}
