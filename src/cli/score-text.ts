/** Scores as the tables of the command line show them: fractions with four decimals. */
import type { Metric } from "../record/index.ts";

/** `0.9312`. */
export function scoreText({ value }: Pick<Metric, "value">): string {
  return value.toFixed(4);
}

/** `0.9120 to 0.9480`. */
export function intervalText(interval: readonly number[]): string {
  return interval.map((bound) => bound.toFixed(4)).join(" to ");
}
