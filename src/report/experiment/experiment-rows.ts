/** The rows of a grid in the words of its tables. */
import type { ExperimentRecord, ExperimentRow, ScoreName, SummaryRecord } from "../../record/index.ts";
import { scoreNames } from "../../record/index.ts";
import { intervalCell, percentCell, pointsCell, rangeCell } from "../../format/index.ts";
import { publishedScores } from "./published.ts";

export { scoreNames };

export interface NamedRow {
  readonly scenario: ExperimentRecord["scenarios"][number];
  readonly model: ExperimentRecord["models"][number];
  readonly row: ExperimentRow;
  /** Of the paper, where it has this row: percent, mean and standard deviation. */
  readonly published: ReturnType<typeof publishedScores>;
}

/** Rows that have at least one repetition, with what they belong to, in the record's order. */
export function namedRows({ rows, scenarios, models, name }: ExperimentRecord): NamedRow[] {
  return rows.flatMap((row) => {
    const scenario = scenarios.find(({ id }) => id === row.scenario);
    const model = models.find(({ id }) => id === row.model);
    if (scenario === undefined || model === undefined || row.summary === undefined) return [];
    return [{ scenario, model, row, published: publishedScores(name, { scenario, model, label: row.label }) }];
  });
}

/** Neither a model before it forgot nor Retrain. */
export function isMethod({ row }: NamedRow): boolean {
  return row.method !== "original" && row.method !== "retrain";
}

/** Retrain from the same original in the same scenario. */
export function retrainOf({ scenario, model }: NamedRow, rows: readonly NamedRow[]): NamedRow | undefined {
  return rows.find(
    (other) => other.row.method === "retrain" && other.model.id === model.id && other.scenario.id === scenario.id,
  );
}

/** `22.53 ± 8.16`, in percent; without a deviation where there is one value. */
export function meanCell({ mean, deviation }: SummaryRecord): string {
  return deviation === null ? percentCell(mean) : `${percentCell(mean)} ± ${percentCell(deviation)}`;
}

/** Shares end at 0 and 1, whatever the interval of their mean does. */
function ofShare([low, high]: readonly [number, number]): [number, number] {
  return [Math.max(0, low), Math.min(1, high)];
}

/** The interval of a share, which ends at 0 and 1: over seeds, of a single one over images where that is known. */
export function shareInterval({ interval }: SummaryRecord, ofImages: readonly [number, number] | undefined): string {
  if (interval !== null) return intervalCell(ofShare(interval));
  return ofImages === undefined ? "" : `${intervalCell(ofImages)} (images)`;
}

/** `(−77.47)`: the gap in signed points. */
export function gapCell(summary: SummaryRecord | undefined): string {
  return summary === undefined ? "" : ` (${pointsCell(summary.mean)})`;
}

/** A score with its gap to Retrain. */
export function scoreCell({ summary }: ExperimentRow, score: ScoreName): string {
  return summary === undefined ? "" : meanCell(summary[score]) + gapCell(summary.gaps?.[score]);
}

/** The interval of a gap or of Disparity Ave. in points: over seeds, or of a single run over images. */
export function intervalOf(row: ExperimentRow, score: ScoreName | "disparity"): readonly [number, number] | null {
  const { summary, repetitions } = row;
  const over = score === "disparity" ? summary?.disparity : summary?.gaps?.[score];
  if (over === undefined) return null;
  if (over.interval !== null) return over.interval;
  const [only] = repetitions;
  return (score === "disparity" ? only?.disparityInterval : only?.gapIntervals?.[score]) ?? null;
}

/** `−57.1 to 12.3`, in percent or points; nothing where there is no interval. */
export function intervalText(interval: readonly [number, number] | null | undefined): string {
  return interval === null || interval === undefined ? "" : rangeCell(interval);
}

/** Likewise of a share, which ends at 0 and 1. */
export function shareText(interval: readonly [number, number] | null | undefined): string {
  return interval === null || interval === undefined ? "" : intervalText(ofShare(interval));
}

/** How many seeds the means of some rows are over: `n = 5`, or `n = 3 to 5`. */
export function seedsOf(rows: readonly NamedRow[]): string {
  const counts = rows.map(({ row }) => row.repetitions.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? `n = ${least}` : `n = ${least} to ${most}`;
}
