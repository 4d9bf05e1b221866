/** A published finding, and how it is tried on the rows of a grid. */
import { studentQuantile, type Summary, summarize } from "../statistics/statistics.ts";
import type { ExperimentRow, FindingRecord, Repetition } from "../record/experiment.ts";

export interface Finding {
  readonly name: string;
  /** What was published, in a sentence. */
  readonly claim: string;
  /** Its numbers, with their source. */
  readonly published: string;
  /** Run times are part of it: it is shown with them, since scores are the same however often they are made. */
  readonly timed?: true;
  readonly judge: (grid: FindingInput) => Pick<FindingRecord, "ours" | "verdict">;
}

export interface FindingInput {
  readonly rows: readonly ExperimentRow[];
  readonly scenarios: ReadonlyArray<{ readonly id: string; readonly title: string; readonly kind: string }>;
  readonly models: ReadonlyArray<{
    readonly id: string;
    readonly sparsity: number;
    readonly pruner?: string | undefined;
  }>;
}

export function defineFinding(finding: Finding): Finding {
  return finding;
}

export const jia = "Jia et al., NeurIPS 2023, arXiv:2304.04934";

export interface Side {
  readonly scenario: string;
  readonly model: string;
  readonly label: string;
}

export function rowOf({ rows }: FindingInput, side: Side): ExperimentRow | undefined {
  return rows.find(
    ({ scenario, model, label }) => scenario === side.scenario && model === side.model && label === side.label,
  );
}

/** What `of` gives for the seeds that both have: first minus second; empty where a row is missing. */
export function differences(
  first: ExperimentRow | undefined,
  second: ExperimentRow | undefined,
  of: (repetition: Repetition) => number | undefined,
): number[] {
  return (first?.repetitions ?? []).flatMap((repetition) => {
    const other = second?.repetitions.find(({ seed }) => seed === repetition.seed);
    const [a, b] = [of(repetition), other === undefined ? undefined : of(other)];
    return a === undefined || b === undefined ? [] : [a - b];
  });
}

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
export function corrected(comparisons: readonly Comparison[]): string {
  const k = comparisons.length;
  const level = Number((100 * correctedConfidence(k)).toFixed(2));
  return k < 2
    ? ""
    : `; ${k === 2 ? "both" : `all ${k}`} must hold, and contradictions are judged by ${level} % intervals (Bonferroni)`;
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

/** A mean of fractions in points, with interval and n: `+12.3 points (95 % interval +1.0 to +23.6, n = 3)`. */
export function inPoints(values: readonly number[]): string {
  return values.length === 0 ? "no values" : inWords(summarize(values), (value) => signed(100 * value), " points");
}

/** A mean with interval and n. */
export function inWords({ mean, interval, n }: Summary, write: (value: number) => string, unit = ""): string {
  const range = interval === null ? "no interval" : `95 % interval ${write(interval[0])} to ${write(interval[1])}`;
  return `${write(mean)}${unit} (${range}, n = ${n})`;
}

export function signed(value: number, digits = 1): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;
}
