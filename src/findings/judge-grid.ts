/**
 * Judges a finding on a grid. Its own rows, and originals that have fitted what they were trained on, are conditions of any verdict: a claim about
 * eight rows is not reproduced by one, and a model that has learnt little forgets easily, whatever the method.
 */
import type { ExperimentRow } from "../record/experiment.ts";
import { listing, percent, plural } from "../format/index.ts";
import type { Finding, Judgement } from "./finding.ts";
import { type GridResults, type RowId, rowOf } from "./grid.ts";

/** A finding on the rows of a grid. */
export interface GridFinding extends Finding<GridResults> {
  /** The rows that the claim speaks of. Where one has no values, nothing is judged. */
  readonly rows: (grid: GridResults) => readonly RowId[];
  /** Training accuracy of every original of these rows, at least, 0 to 1; null where the claim is about originals that have not fitted too. */
  readonly fitted: number | null;
}

/** An original with that training accuracy has fitted its images, as the published ones have. */
export const wellFitted = 0.99;

/** Rows of methods in the scenarios of these kinds, one scenario of each kind at least, from these originals. */
export function rowsOf(
  { scenarios }: Pick<GridResults, "scenarios">,
  { kinds, models, labels }: { kinds: readonly string[]; models: readonly string[]; labels: readonly string[] },
): RowId[] {
  return kinds.flatMap((kind) => {
    const own = scenarios.filter((scenario) => scenario.kind === kind).map(({ id }) => id);
    // A scenario that is not there has rows that are not there.
    return (own.length > 0 ? own : [kind]).flatMap((scenario) =>
      models.flatMap((model) => labels.map((label) => ({ scenario, model, label }))),
    );
  });
}

/** The finding's judgement, or why there is none, with what came out in any case. */
export function judgeGrid(finding: GridFinding, grid: GridResults): Judgement {
  const { ours, verdict } = finding.judge(grid);
  const reason = unmet(finding, grid);
  return reason === undefined
    ? { ours, verdict }
    : { ours: `${reason}; ${ours}`, verdict: "not testable at this scale" };
}

function unmet({ rows, fitted }: GridFinding, grid: GridResults): string | undefined {
  const needed = rows(grid).map((id) => ({ id, row: rowOf(grid, id) }));
  const there = needed.flatMap(({ row }) => (row === undefined || row.repetitions.length === 0 ? [] : [row]));
  const missing = needed.filter(({ row }) => row === undefined || row.repetitions.length === 0).map(({ id }) => id);
  if (missing.length > 0) {
    return `not judged: the claim is about ${plural(needed.length, "row")}, of which ${missing.length} ${missing.length === 1 ? "is" : "are"} missing (${listing(missing.map(nameOf))})`;
  }
  const least = Math.min(...there.map(leastFit));
  if (fitted === null || least >= fitted) return undefined;
  return `not judged: the claim is about originals that get ${percent(fitted)} or more of their training images right, and one gets ${percent(least)}`;
}

function nameOf({ scenario, model, label }: RowId): string {
  return `${label}, ${model}, ${scenario}`;
}

function leastFit({ repetitions }: ExperimentRow): number {
  return Math.min(...repetitions.map(({ originalTrainAccuracy }) => originalTrainAccuracy));
}
