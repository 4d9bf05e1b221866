import { summarize } from "../statistics/statistics.ts";
import type { ExperimentRow } from "../record/experiment.ts";
import { meanInPoints, meanWithInterval } from "../format/index.ts";
import { differences, type GridResults, jia, rowOf } from "./grid.ts";
import { type GridFinding, rowsOf, wellFitted } from "./judge-grid.ts";
import { type Comparison, correctionNote, verdictOf } from "./verdict.ts";

/**
 * Gaps count as close within the spread of the paper's own ten trials: the largest standard deviation of UA in its main table, in whole points
 * (9.46 class-wise, 0.71 random).
 */
const closeWithin = { class: 0.1, other: 0.01 } as const;
/** What is still about the cost of FT. */
const costAtMost = 1.5;

/** Figure 5: l1-sparse unlearning of a dense model. */
export const l1CloseToRetrain: GridFinding = {
  name: "l1-close-to-retrain",
  timed: true,
  claim:
    "l1-sparse unlearning from the dense original comes close to Retrain in UA and MIA (within 10 points class-wise, 1 random) at about the cost of FT (at most 1.5 times)",
  published: `UA and MIA of Retrain class-wise, within 3 % of them random, at FT's run time (${jia}, figure 5, read from the figure); how close is close is this project's, from the spread of the paper's trials`,
  rows: (grid) => rowsOf(grid, { kinds: ["class", "random"], models: ["dense"], labels: ["l1-sparse", "FT"] }),
  fitted: wellFitted,
  judge: (grid) => {
    const parts = grid.scenarios.map((scenario) => partOf(grid, scenario));
    const comparisons = parts.flatMap((part) => part.comparisons);
    return {
      ours: `${parts.map(({ words }) => words).join("; ")}${correctionNote(comparisons)}`,
      verdict: verdictOf(comparisons),
    };
  },
};

function partOf(
  grid: GridResults,
  { id, title, kind }: GridResults["scenarios"][number],
): { readonly comparisons: Comparison[]; readonly words: string } {
  const row = (label: string): ExperimentRow | undefined => rowOf(grid, { scenario: id, model: "dense", label });
  const [l1, ft] = [row("l1-sparse"), row("FT")];
  const margin = kind === "class" ? closeWithin.class : closeWithin.other;
  const gapsIn = (score: "UA" | "MIA"): number[] => (l1?.repetitions ?? []).flatMap(({ gaps }) => gaps?.[score] ?? []);
  const [UA, MIA, cost] = [gapsIn("UA"), gapsIn("MIA"), ratios(l1, ft)];
  const closer = differences(l1, ft, ({ gaps }) =>
    gaps === undefined ? undefined : (Math.abs(gaps.UA) + Math.abs(gaps.MIA)) / 2,
  );
  const times =
    cost.length === 0 ? "no times" : meanWithInterval(summarize(cost), (value) => value.toFixed(2), " times FT's");
  return {
    comparisons: [
      { values: UA, within: [-margin, margin] },
      { values: MIA, within: [-margin, margin] },
      { values: cost, within: [-Infinity, costAtMost] },
    ],
    words: `${title}: gap to Retrain in UA ${meanInPoints(UA)}, in MIA ${meanInPoints(MIA)}; run time ${times}; mean size of both gaps minus FT's ${meanInPoints(closer)}`,
  };
}

/** Run time of the first as a multiple of the second's, for the seeds that both have. */
function ratios(first: ExperimentRow | undefined, second: ExperimentRow | undefined): number[] {
  return (first?.repetitions ?? []).flatMap(({ seed }, i) => {
    const other = second?.repetitions.findIndex((repetition) => repetition.seed === seed) ?? -1;
    const [a, b] = [first?.seconds[i], second?.seconds[other]];
    return a === undefined || b === undefined || b === 0 ? [] : [a / b];
  });
}
