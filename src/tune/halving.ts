/**
 * Successive halving: all trials for a few epochs, the best third of them for three times as many, and so on.
 *
 *   rung k of s = 1 + min(⌊log₃ E⌋, ⌊log₃ n⌋):  max(1, ⌊n / 3^k⌋) trials for max(1, round(E / 3^(s-1-k))) epochs
 *
 * Symbols    n trials · E epochs of the method
 * Source     Jamieson and Talwalkar, AISTATS 2016, arXiv:1502.07943; the reduction by 3: Li et al., JMLR 18, 2018, arXiv:1603.06560
 * Differs    a trial that is promoted to the next rung starts again: penalties and rates that depend on the number of epochs have no shorter version
 *            that a longer one could continue from
 */
import type { OptionValues } from "../unlearn/index.ts";

/** A third is promoted to the next rung. */
export const eta = 3;

export interface Rung {
  /** How many trials, ≥ 1. */
  readonly trials: number;
  /** Null: as many as the trial's options say, or the method has no such option. */
  readonly epochs: number | null;
}

/**
 * The rungs, the last of all epochs.
 * @param trials n ≥ 1
 * @param epochs E ≥ 1, or null where epochs are no resource to save: one rung
 */
export function rungsOf(trials: number, epochs: number | null): Rung[] {
  if (epochs === null) return [{ trials, epochs }];
  const deepest = Math.min(timesDivisible(epochs), timesDivisible(trials));
  return Array.from({ length: deepest + 1 }, (_, k) => ({
    trials: Math.max(1, Math.floor(trials / eta ** k)),
    epochs: Math.max(1, Math.round(epochs / eta ** (deepest - k))),
  }));
}

/** ⌊log₃ value⌋. */
function timesDivisible(value: number): number {
  let times = 0;
  while (eta ** (times + 1) <= value) times++;
  return times;
}

/**
 * The options of a trial cut to `epochs`: what else is counted in epochs (options called …Epochs) shrinks in proportion, rounded up.
 * @param options all of the method's
 */
export function shortened(options: OptionValues, epochs: number): OptionValues {
  const { epochs: all } = options;
  if (typeof all !== "number" || epochs === all) return options;
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => {
      if (name === "epochs") return [name, epochs];
      const counted = name.endsWith("Epochs") && typeof value === "number";
      return [name, counted ? Math.ceil((value * epochs) / all) : value];
    }),
  );
}
