/**
 * How sure one run is of its distance to Retrain: the scores of both drawn again and again as their images would be.
 *
 *   k* ~ Binomial(n, k/n)        interval: the 2.5 and 97.5 % quantiles of what is computed from the draws
 *
 * Symbols    k of n images count for a score; drawing n of 0/1 outcomes with replacement gives just this distribution
 * Source     Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13 (percentile interval)
 * Reference  none
 * Differs    model and Retrain are drawn independently, though they see the same images: the interval is too wide rather than too narrow.
 *            What a membership attack learnt is held fixed.
 */
import type { Metric } from "../record/index.ts";
import { binomial, full, Generator, scope, stack, type Tensor } from "../torch/index.ts";

const draws = 4000;
const seed = 20_230_410;

export interface ScorePair {
  readonly ours: Metric;
  readonly oracle: Metric;
}

export interface GapIntervals {
  /** 95 % interval of each signed gap, in the order given; within [-1, 1]. */
  readonly gaps: ReadonlyArray<readonly [number, number]>;
  /** 95 % interval of their mean size. */
  readonly disparity: readonly [number, number];
}

/** The same for the same scores. @param pairs at least one */
export function gapIntervals(pairs: readonly ScorePair[]): GapIntervals {
  return scope(() => {
    using generator = Generator.seeded(seed);
    const gaps = pairs.map(({ ours, oracle }) => drawn(ours, generator).sub(drawn(oracle, generator)));
    return { gaps: gaps.map(middle), disparity: middle(meanSize(gaps)) };
  });
}

/** 95 % interval of how much nearer to Retrain `ours` is than `before`: of the mean size of the gaps before minus that of ours. @param scores at least one */
export function gainInterval(scores: readonly (ScorePair & { readonly before: Metric })[]): readonly [number, number] {
  return scope(() => {
    using generator = Generator.seeded(seed);
    const gaps = scores.map(({ ours, before, oracle }) => {
      const retrain = drawn(oracle, generator);
      return { before: drawn(before, generator).sub(retrain), ours: drawn(ours, generator).sub(retrain) };
    });
    return middle(meanSize(gaps.map((each) => each.before)).sub(meanSize(gaps.map((each) => each.ours))));
  });
}

/** float64 [draws]: the score as it would be on other images. */
function drawn({ value, count }: Metric, generator: Generator): Tensor {
  const of = (number: number): Tensor => full([draws], number, { dtype: "float64" });
  return binomial(of(count), of(value), generator).div(count);
}

function meanSize(gaps: readonly Tensor[]): Tensor {
  return stack([...gaps])
    .abs()
    .sumDim([0])
    .div(gaps.length);
}

function middle(values: Tensor): readonly [number, number] {
  const sorted = values.toArray().toSorted((a, b) => a - b);
  const at = (p: number): number => sorted[Math.round(p * (sorted.length - 1))] ?? NaN;
  return [at(0.025), at(0.975)];
}
