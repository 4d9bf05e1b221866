/** How intervals over seeds decide on a claim. */
import type { FindingRecord } from "../record/experiment.ts";
import { shortPercent } from "../format/index.ts";
import { studentQuantile, summarize } from "../statistics/statistics.ts";

/** Numbers of several seeds, and where their mean is claimed to lie; an end of a one-sided claim is infinite. */
export interface Comparison {
  readonly values: readonly number[];
  readonly within: readonly [number, number];
}

/**
 * On a claim that holds if each of k comparisons does: *reproduced* where every 95 % interval lies inside its range, *not reproduced* where one of
 * them lies outside at 1 - 5 % / k, and in any other case, or with a single seed where it matters, not testable.
 *
 * Any one of k comparisons may contradict the claim, so that contradictions need Bonferroni's wider intervals; all have to hold at once, which
 * is no more likely by chance than that one does.
 */
export function verdictOf(comparisons: readonly Comparison[]): FindingRecord["verdict"] {
  const outside = comparisons.some(({ values, within: [low, high] }) => {
    const interval = intervalOf(values, correctedConfidence(comparisons.length));
    return interval !== null && (interval[1] < low || interval[0] > high);
  });
  if (outside) return "not reproduced";
  const inside = comparisons.every(({ values, within: [low, high] }) => {
    const interval = intervalOf(values, confidence);
    return interval !== null && interval[0] > low && interval[1] < high;
  });
  return inside && comparisons.length > 0 ? "reproduced" : "not testable at this scale";
}

/** Whether the mean has the expected sign. @param sign of the mean if the finding holds */
export function bySign(values: readonly number[], sign: 1 | -1): FindingRecord["verdict"] {
  return verdictOf([{ values, within: withSign(sign) }]);
}

export function withSign(sign: 1 | -1): Comparison["within"] {
  return sign === 1 ? [0, Infinity] : [-Infinity, 0];
}

/** How contradictions were judged, for a sentence; nothing of a single comparison. */
export function correctionNote(comparisons: readonly Comparison[]): string {
  const k = comparisons.length;
  if (k < 2) return "";
  const level = shortPercent(correctedConfidence(k), 2);
  return `; ${k === 2 ? "both" : `all ${k}`} must hold, and contradictions are judged by ${level} % intervals (Bonferroni)`;
}

const confidence = 0.95;

function correctedConfidence(comparisons: number): number {
  return 1 - (1 - confidence) / comparisons;
}

/** Of the mean, by Student's t; null of fewer than two values. */
function intervalOf(values: readonly number[], level: number): [number, number] | null {
  if (values.length < 2) return null;
  const { mean, deviation, n } = summarize(values);
  const half = (studentQuantile((1 + level) / 2, n - 1) * (deviation ?? NaN)) / Math.sqrt(n);
  return [mean - half, mean + half];
}
