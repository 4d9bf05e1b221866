/** Means over repetitions with their interval and number, for sentences. */
import { type Summary, summarize } from "../statistics/index.ts";
import { signed } from "./numbers.ts";

/** `1.20 times (95 % interval 1.10 to 1.30, n = 3)`. @param write a value without its unit */
export function meanWithInterval({ mean, interval, n }: Summary, write: (value: number) => string, unit = ""): string {
  const range = interval === null ? "no interval" : `95 % interval ${write(interval[0])} to ${write(interval[1])}`;
  return `${write(mean)}${unit} (${range}, n = ${n})`;
}

/** The mean of differences of fractions, in points: `+12.3 points (95 % interval +1.0 to +23.6, n = 3)`. */
export function meanInPoints(differences: readonly number[]): string {
  if (differences.length === 0) return "no values";
  return meanWithInterval(summarize(differences), (value) => signed(100 * value), " points");
}
