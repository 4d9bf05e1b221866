/**
 * A grid as tables in text. Scores and times are apart: the scores of a grid are the same bytes however often it was killed, its times are
 * not.
 */
import type { ExperimentRecord, ExperimentRow, SummaryRecord } from "../../record/index.ts";
import { mean } from "../../util/lists.ts";
import {
  intervalOf,
  intervalText,
  shareText,
  meanCell,
  type NamedRow,
  namedRows,
  retrainOf,
  scoreCell,
  scoreNames,
} from "./experiment-rows.ts";
import { duration, loss, percentCell, pointsCell } from "../../format/index.ts";
import { findingsTable } from "../findings-table.ts";
import { csvText, latexTable, markdownTable } from "../text-tables.ts";

export const tableFormats = ["md", "csv", "tex", "json"] as const;
export type TableFormat = (typeof tableFormats)[number];

/** The scores of all rows: percent for people, fractions in CSV and JSON. */
export function renderScores(record: ExperimentRecord, format: TableFormat): string {
  switch (format) {
    case "md":
      return joined([...sections(record, markdownTable), testsTable(record), findingsTable(untimed(record))]);
    case "tex":
      return `${sections(record, latexTable).join("\n\n")}\n`;
    case "csv":
      return csvText(scoreLines(record));
    case "json": {
      const { name, title, preset, seeds, scenarios, models, rows, tests } = record;
      const scores = rows.map((row) => ({ ...row, seconds: undefined, denseSeconds: undefined }));
      return `${JSON.stringify({ name, title, preset, seeds, scenarios, models, rows: scores, tests, findings: untimed(record) }, null, 2)}\n`;
    }
  }
}

type Table = (title: string, head: readonly string[], rows: ReadonlyArray<readonly string[]>) => string;

const HEAD = ["Original", "Method", "n", ...scoreNames, "Disparity Ave.", "95 % interval", "Original's training loss"];

function sections(record: ExperimentRecord, table: Table): string[] {
  const rows = namedRows(record);
  return record.scenarios.map(({ id, title }) => {
    const own = rows.filter(({ scenario }) => scenario.id === id);
    const scores = table(
      title,
      HEAD,
      own.flatMap((row) => [scoreRow(row), ...publishedRow(row)]),
    );
    return `${scores}\n\n${table(`${title}: ${INTERVALS}`, INTERVAL_HEAD, own.map(intervalRow))}`;
  });
}

const INTERVALS =
  "95 % intervals, of scores in percent and of gaps in points (over seeds, Student t, of scores cut at 0 and 100; a gap of a single seed over images, bootstrap)";
const INTERVAL_HEAD = ["Original", "Method", "n", ...scoreNames.flatMap((score) => [score, `${score} gap`])];

function intervalRow({ model, row }: NamedRow): string[] {
  return [
    model.label,
    row.label,
    String(row.repetitions.length),
    ...scoreNames.flatMap((score) => [shareText(row.summary?.[score].interval), intervalText(intervalOf(row, score))]),
  ];
}

function scoreRow({ model, row }: NamedRow): string[] {
  const { summary, repetitions, label } = row;
  return [
    model.label,
    label,
    String(repetitions.length),
    ...scoreNames.map((score) => scoreCell(row, score)),
    summary?.disparity === undefined ? "" : meanCell(summary.disparity),
    intervalText(intervalOf(row, "disparity")),
    loss(summary?.originalTrainLoss.mean ?? NaN),
  ];
}

function publishedRow({ published, model, row }: NamedRow): string[][] {
  if (published === null) return [];
  const scores = scoreNames.map((score) => published[score].map((value) => value.toFixed(2)).join(" ± "));
  const disparity = row.method === "retrain" ? "" : published.disparity.toFixed(2);
  return [[model.label, `${row.label}, published`, "10", ...scores, disparity, "", ""]];
}

/** Paired tests in Markdown; nothing where there are none. */
function testsTable({ tests, scenarios, models }: ExperimentRecord): string {
  if (tests.length === 0) return "";
  const modelName = (id: string): string => models.find((model) => model.id === id)?.label ?? id;
  const rows = tests.map(({ scenario, score, first, second, difference, p }) => [
    scenarios.find(({ id }) => id === scenario)?.title ?? scenario,
    score === "disparity" ? "Disparity Ave." : score,
    `${first.label}, ${modelName(first.model)}`,
    `${second.label}, ${modelName(second.model)}`,
    pointsCell(difference.mean),
    difference.interval === null ? "" : difference.interval.map(pointsCell).join(" to "),
    String(difference.n),
    p === null ? "" : p.toPrecision(2),
  ]);
  const head = ["Scenario", "Score", "First", "Second", "First minus second", "95 % interval", "n", "p"];
  return markdownTable("Paired tests over seeds, points", head, rows, 4);
}

/** Findings that say nothing of run times. */
function untimed({ findings }: ExperimentRecord): ExperimentRecord["findings"] {
  return findings.filter(({ timed }) => timed === undefined);
}

/** A line for each seed, and in each the summary of its row over all seeds. */
function scoreLines(record: ExperimentRecord): Array<Array<string | number>> {
  const perScore = scoreNames.flatMap((score) => [score, `${score}_gap`, `${score}_gap_low`, `${score}_gap_high`]);
  const head = ["scenario", "model", "sparsity", "method", "label", "seed", ...perScore, "disparity"];
  const lines = namedRows(record).flatMap(({ scenario, model, row }) =>
    row.repetitions.map((repetition) => [
      scenario.id,
      model.id,
      repetition.originalSparsity,
      row.method,
      row.label,
      repetition.seed,
      ...scoreNames.flatMap((score) => [
        repetition.scores[score],
        repetition.gaps?.[score] ?? "",
        ...(repetition.gapIntervals?.[score] ?? ["", ""]),
      ]),
      repetition.disparity ?? "",
      repetition.originalTrainLoss,
      repetition.modelSha256,
      row.repetitions.length,
      ...summarised.flatMap(({ of }) => summaryCells(of(row))),
    ]),
  );
  const summaries = summarised.flatMap(({ name }) => SUMMARY_PARTS.map((part) => `${name}_${part}`));
  return [[...head, "original_train_loss", "model_sha256", "n", ...summaries], ...lines];
}

const SUMMARY_PARTS = ["mean", "deviation", "mean_low", "mean_high"];

/** What has a mean over seeds, by the name of its columns. */
const summarised: ReadonlyArray<{
  readonly name: string;
  readonly of: (row: ExperimentRow) => SummaryRecord | undefined;
}> = [
  ...scoreNames.flatMap((score) => [
    { name: score, of: ({ summary }: ExperimentRow) => summary?.[score] },
    { name: `${score}_gap`, of: ({ summary }: ExperimentRow) => summary?.gaps?.[score] },
  ]),
  { name: "disparity", of: ({ summary }) => summary?.disparity },
];

function summaryCells(summary: SummaryRecord | undefined): Array<string | number> {
  if (summary === undefined) return SUMMARY_PARTS.map(() => "");
  const { mean: value, deviation, interval } = summary;
  return [value, deviation ?? "", ...(interval ?? ["", ""])];
}

/** RTE of all rows, and what it would be with dense operators, in Markdown or CSV. */
export function renderTimes(record: ExperimentRecord, format: "md" | "csv"): string {
  const rows = namedRows(record);
  if (format === "csv") {
    const head = ["scenario", "model", "label", "seed", "seconds"];
    const lines = rows.flatMap(({ row }) =>
      row.repetitions.map(({ seed }, i) => [row.scenario, row.model, row.label, seed, row.seconds[i] ?? ""]),
    );
    return csvText([head, ...lines]);
  }
  const tables = record.scenarios.map(({ id, title }) => {
    const own = rows.filter(({ scenario }) => scenario.id === id);
    return markdownTable(
      title,
      TIME_HEAD,
      own.map((row) => timeRow(row, own)),
    );
  });
  return joined([...tables, findingsTable(record.findings.filter(({ timed }) => timed === true))]);
}

/** Tables one below the other, without those that are empty. */
function joined(tables: readonly string[]): string {
  return `${tables.filter((table) => table !== "").join("\n\n")}\n`;
}

const TIME_HEAD = ["Original", "Method", "n", "RTE", "RTE if dense", "of Retrain", "published, of Retrain"];

function timeRow(named: NamedRow, own: readonly NamedRow[]): string[] {
  const { model, row, published } = named;
  const retrain = retrainOf(named, own);
  const share = retrain === undefined ? NaN : mean(row.seconds) / mean(retrain.row.seconds);
  const theirs = published === null || !retrain?.published ? null : published.minutes / retrain.published.minutes;
  return [
    model.label,
    row.label,
    String(row.seconds.length),
    duration(mean(row.seconds)),
    row.denseSeconds.length === 0 ? "" : duration(mean(row.denseSeconds)),
    row.method === "original" ? "" : percentCell(share),
    theirs === null ? "" : percentCell(theirs),
  ];
}
