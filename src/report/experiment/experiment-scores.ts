/** The table of one scenario of a grid: a row for each method, in a group for each original, with its gaps to Retrain. */
import type { ExperimentRecord, ExperimentRow, ScoreName } from "../../record/index.ts";
import { duration, loss, pointsCell } from "../../format/index.ts";
import { mean } from "../../util/lists.ts";
import { html, type Html } from "../html.ts";
import { groupedTable, type TableCell, type TableRow } from "../html-table.ts";
import { MATTERS, type Outcome } from "../run/compare.ts";
import { outcomeClass } from "../run/metrics-table.ts";
import { SCORE_TEXTS } from "../scores.ts";
import { intervalOf, intervalText, meanCell, type NamedRow, scoreNames, shareText } from "./experiment-rows.ts";

/** What is better of a score: what Retrain has, or more. */
const DIRECTIONS = { UA: "match-oracle", MIA: "match-oracle", RA: "higher", TA: "higher" } as const;

/** The table with a line on how to read it. @param rows of one scenario */
export function scoresTable({ models, seeds }: ExperimentRecord, rows: readonly NamedRow[]): Html {
  const groups = models.map(({ id, label }) => ({
    title: `${label} original`,
    rows: rows.filter(({ row }) => row.model === id).flatMap(tableRows),
  }));
  const published = rows.some((row) => row.published !== null) ? " Italic: published." : "";
  return html`<p class="hint">${seeds.length > 1 ? ofSeeds : ofImages}${published}</p>
    ${groupedTable(HEAD, groups, { class: "wide" })}`;
}

const ofImages =
  "Percent. Below each score its gap to Retrain from the same original, in points, and the 95 % interval of the gap over images (bootstrap); a gap is red where it is worse beyond chance.";
const ofSeeds =
  "Percent: mean and standard deviation over n seeds, and the 95 % interval of the mean. Below them the mean gap to Retrain from the same original in points with its own interval; a gap is red where it is worse beyond chance. Intervals are over seeds (Student t); of a single seed gaps and Disparity Ave. have one over images (bootstrap), scores none.";

const HEAD: readonly TableCell[] = [
  "Model",
  "n",
  ...scoreNames.map((key) => html`<abbr title="${SCORE_TEXTS[key].name}: ${SCORE_TEXTS[key].meaning}">${key}</abbr>`),
  html`Disparity<br />Ave.`,
  html`<abbr title="Run time: wall time of the stage's own work">RTE</abbr>`,
  html`Loss of<br />original`,
];

function tableRows(named: NamedRow): TableRow[] {
  const { row } = named;
  const { summary, repetitions, seconds, denseSeconds } = row;
  if (summary === undefined) return [];
  const disparity = summary.disparity === undefined ? "–" : meanCell(summary.disparity);
  const dense = denseSeconds.length === 0 ? "" : `dense: about ${duration(mean(denseSeconds))}`;
  const cells = [
    row.label,
    repetitions.length,
    ...scoreNames.map((key) => [meanCell(summary[key]), small(shareText(summary[key].interval)), gapLines(row, key)]),
    [disparity, small(intervalText(intervalOf(row, "disparity")))],
    [duration(mean(seconds)), small(dense)],
    loss(summary.originalTrainLoss.mean),
  ];
  return [{ cells, class: row.method === "retrain" ? "retrain" : undefined }, ...publishedRow(named)];
}

function small(text: string): Html | undefined {
  return text === "" ? undefined : html`<small>${text}</small>`;
}

/** The mean gap and its interval, a line each, so that the table stays narrow. */
function gapLines(row: ExperimentRow, score: ScoreName): Html | undefined {
  const gap = row.summary?.gaps?.[score];
  if (gap === undefined) return undefined;
  const interval = intervalOf(row, score);
  const name = outcomeClass(outcomeOf(gap.mean, interval), DIRECTIONS[score]);
  const text = `gap ${pointsCell(gap.mean)}`;
  return html`${name === undefined ? small(text) : html`<small class="${name}">${text}</small>`}${small(intervalText(interval))}`;
}

/** Of a gap: beyond chance where its interval leaves zero out and it is a point at least. */
function outcomeOf(gap: number, interval: readonly [number, number] | null): Outcome {
  const certain = interval !== null && (interval[0] > 0 || interval[1] < 0);
  if (!certain || Math.abs(gap) < MATTERS) return "same";
  return gap > 0 ? "higher" : "lower";
}

function publishedRow({ published, row }: NamedRow): TableRow[] {
  if (published === null) return [];
  const cells = [
    "published",
    "10",
    ...scoreNames.map((key) => published[key].map((value) => value.toFixed(2)).join(" ± ")),
    row.method === "retrain" ? "" : published.disparity.toFixed(2),
    duration(60 * published.minutes),
    "",
  ];
  return [{ cells, class: "published" }];
}
