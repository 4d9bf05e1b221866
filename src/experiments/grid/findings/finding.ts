/** A published finding, and how it is tried on the rows of a grid. */
import { type Summary, summarize } from "../../../evaluate/statistics.ts";
import type { ExperimentRow, FindingRecord, Repetition } from "../../../record/experiment.ts";

export interface Finding {
  readonly name: string;
  /** What was published, in a sentence. */
  readonly claim: string;
  /** Its numbers, with their source. */
  readonly published: string;
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

/**
 * Whether the mean has the expected sign, by its 95 % interval: what spans zero, or is of one seed, is not testable.
 * @param sign of the mean if the finding holds
 */
export function bySign(values: readonly number[], sign: 1 | -1): FindingRecord["verdict"] {
  if (values.length === 0) return "not testable at this scale";
  const { interval } = summarize(values);
  if (interval === null) return "not testable at this scale";
  const [low, high] = sign === 1 ? interval : ([-interval[1], -interval[0]] as const);
  if (low > 0) return "reproduced";
  return high < 0 ? "not reproduced" : "not testable at this scale";
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
