/**
 * Whether a model's score differs from Retrain's by more than chance and by more than matters.
 *
 * Two shares p₁, p₂ with Clopper-Pearson intervals [l, u] have a difference d = p₁ − p₂ whose interval is
 *   [ d − √((p₁ − l₁)² + (u₂ − p₂)²),  d + √((u₁ − p₁)² + (p₂ − l₂)²) ].
 * Both models saw the same images, which this leaves out of account: the interval is rather too wide than too narrow.
 * It knows of the images drawn only, not of other seeds.
 *
 * Source     Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10
 * Differs    Clopper-Pearson limits, which the records hold, in place of Wilson's
 */
import type { Metric } from "../../record/index.ts";

/** A certain difference under one point is called the same. */
export const MATTERS = 0.01;
/** A difference that chance can explain is called the same if its interval stays within five points, and unclear if not. */
export const TOLERANCE = 0.05;

/** How a score stands to Retrain's. */
export type Outcome = "same" | "higher" | "lower" | "unclear";

/** A score beside Retrain's. */
export interface Comparison {
  /** value − oracle's value, −1 to 1. */
  readonly difference: number;
  /** 95 % interval of the difference. */
  readonly interval: readonly [number, number];
  readonly outcome: Outcome;
}

/** Compares one score with Retrain's. */
export function compareMetric(model: Metric, oracle: Metric): Comparison {
  const difference = model.value - oracle.value;
  const below = Math.hypot(model.value - model.interval[0], oracle.interval[1] - oracle.value);
  const above = Math.hypot(model.interval[1] - model.value, oracle.value - oracle.interval[0]);
  const interval = [difference - below, difference + above] as const;
  return { difference, interval, outcome: outcomeOf(difference, interval) };
}

function outcomeOf(difference: number, [low, high]: readonly [number, number]): Outcome {
  const certain = low > 0 || high < 0;
  if (certain && Math.abs(difference) >= MATTERS) return difference > 0 ? "higher" : "lower";
  if (certain || Math.max(-low, high) <= TOLERANCE) return "same";
  return "unclear";
}
