/**
 * One cycle: up to a high learning rate, then down to almost nothing, step by step.
 *
 * Source     Smith and Topin 2018, arXiv:1708.07120
 * Reference  torch.optim.lr_scheduler.OneCycleLR(anneal_strategy="cos", three_phase=False)
 * Differs    the learning rate only: torch by default cycles the momentum between 0.85 and 0.95 as well; a cycle of one step has the highest rate,
 *            in torch the last one
 */
import { expectInteger, expectPositive, expectRange } from "../util/assert.ts";
import type { Schedule } from "./schedule.ts";

export interface OneCycleOptions {
  /** The highest rate, > 0. */
  readonly maxLr: number;
  /** Epochs in all. */
  readonly epochs: number;
  /** Part of the steps that go up, the cycle's own warm-up, in (0, 1); default 0.3. */
  readonly riseFraction?: number;
  /** maxLr over the first rate, > 0; default 25. */
  readonly divFactor?: number;
  /** First rate over the last one, > 0; default 1e4. */
  readonly finalDivFactor?: number;
}

/** Cosine from maxLr / divFactor up to maxLr, and on down to maxLr / divFactor / finalDivFactor in the last step. */
export function oneCycle(options: OneCycleOptions): Schedule {
  const { maxLr, epochs, riseFraction = 0.3, divFactor = 25, finalDivFactor = 1e4 } = options;
  expectPositive("oneCycle.maxLr", maxLr);
  expectInteger("oneCycle.epochs", epochs, { min: 1 });
  expectRange("oneCycle.riseFraction", riseFraction, 0, 1);
  expectPositive("oneCycle.divFactor", divFactor);
  expectPositive("oneCycle.finalDivFactor", finalDivFactor);
  const first = maxLr / divFactor;
  const last = first / finalDivFactor;
  return (epoch, step, stepsPerEpoch) => {
    const total = epochs * stepsPerEpoch;
    if (total === 1) return maxLr;
    const now = epoch * stepsPerEpoch + step;
    const top = riseFraction * total - 1;
    if (now <= top && top > 0) return anneal(first, maxLr, now / top);
    return anneal(maxLr, last, Math.min(1, (now - top) / (total - 1 - top)));
  };
}

function anneal(from: number, to: number, progress: number): number {
  return to + ((from - to) / 2) * (1 + Math.cos(Math.PI * progress));
}
