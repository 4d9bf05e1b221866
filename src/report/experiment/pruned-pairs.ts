/** Methods that were run from a dense and from a pruned original: what pruning first changed. */
import { pairedTest } from "../../statistics/statistics.ts";
import type { ExperimentRecord, Repetition } from "../../record/index.ts";
import { mean } from "../../util/lists.ts";
import { isMethod, type NamedRow, namedRows } from "./experiment-rows.ts";

/** Differences of Disparity Ave. under half a point are none. */
const MATTERS = 0.005;

/** A method from both originals. */
export interface PrunedPair {
  readonly scenario: string;
  readonly label: string;
  readonly pruned: NamedRow;
  /** Means over seeds, of the seeds that both have. */
  readonly disparity: { readonly dense: number; readonly pruned: number };
  readonly seconds: { readonly dense: number; readonly pruned: number };
  /** How Disparity Ave. changed, beyond chance: over seeds, or of a single seed over images. */
  readonly outcome: "closer" | "further" | "unclear";
}

/** Every method of every pruned original beside the same of the first dense one. */
export function prunedPairs(record: ExperimentRecord): PrunedPair[] {
  const rows = namedRows(record).filter(isMethod);
  const reference = record.models.find(({ sparsity }) => sparsity === 0);
  return rows
    .filter(({ model }) => model.sparsity > 0)
    .flatMap((pruned) => {
      const dense = rows.find(
        ({ scenario, model, row }) =>
          scenario.id === pruned.scenario.id && model.id === reference?.id && row.label === pruned.row.label,
      );
      return dense === undefined ? [] : pairOf(dense, pruned);
    });
}

interface Seed {
  readonly repetition: Repetition;
  readonly disparity: number;
  readonly seconds: number;
}

function pairOf(dense: NamedRow, pruned: NamedRow): PrunedPair[] {
  const denseSeeds = seedsIn(dense);
  const both = seedsIn(pruned).flatMap((second) => {
    const first = denseSeeds.find(({ repetition }) => repetition.seed === second.repetition.seed);
    return first === undefined ? [] : [[first, second] as const];
  });
  if (both.length === 0) return [];
  const means = (of: (seed: Seed) => number): { dense: number; pruned: number } => ({
    dense: mean(both.map(([first]) => of(first))),
    pruned: mean(both.map(([, second]) => of(second))),
  });
  return [
    {
      scenario: pruned.scenario.id,
      label: pruned.row.label,
      pruned,
      disparity: means(({ disparity }) => disparity),
      seconds: means(({ seconds }) => seconds),
      outcome: outcomeOf(both),
    },
  ];
}

function seedsIn({ row }: NamedRow): Seed[] {
  return row.repetitions.flatMap((repetition, i) => {
    const { disparity } = repetition;
    const seconds = row.seconds[i];
    return disparity === undefined || seconds === undefined ? [] : [{ repetition, disparity, seconds }];
  });
}

function outcomeOf(both: ReadonlyArray<readonly [dense: Seed, pruned: Seed]>): PrunedPair["outcome"] {
  const { mean: change, interval } = pairedTest(
    both.map(([, { disparity }]) => disparity),
    both.map(([{ disparity }]) => disparity),
  );
  const chance =
    interval === null
      ? Math.hypot(...both.flat().map(({ repetition }) => halfWidth(repetition)))
      : (interval[1] - interval[0]) / 2;
  if (Math.abs(change) < MATTERS || Math.abs(change) <= chance) return "unclear";
  return change < 0 ? "closer" : "further";
}

/** Of the interval over images; without one nothing is certain. */
function halfWidth({ disparityInterval }: Repetition): number {
  return disparityInterval === undefined ? Infinity : (disparityInterval[1] - disparityInterval[0]) / 2;
}
