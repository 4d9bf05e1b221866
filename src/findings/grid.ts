/** The rows of a grid, as findings read them: one row for a scenario, model and method, seed by seed. */
import type { ExperimentRow, Repetition } from "../record/experiment.ts";

/** The paper whose claims the findings on a grid are. */
export const jia = "Jia et al., NeurIPS 2023, arXiv:2304.04934";

export interface GridResults {
  readonly rows: readonly ExperimentRow[];
  readonly scenarios: ReadonlyArray<{ readonly id: string; readonly title: string; readonly kind: string }>;
  readonly models: ReadonlyArray<{
    readonly id: string;
    readonly sparsity: number;
    readonly pruner?: string | undefined;
  }>;
}

export interface RowId {
  readonly scenario: string;
  readonly model: string;
  readonly label: string;
}

export function rowOf({ rows }: Pick<GridResults, "rows">, id: RowId): ExperimentRow | undefined {
  return rows.find(
    ({ scenario, model, label }) => scenario === id.scenario && model === id.model && label === id.label,
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
