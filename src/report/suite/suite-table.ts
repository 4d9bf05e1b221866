/** A suite as one table in text: Markdown for people, in percent; CSV for programs, in fractions. */
import type { SuiteRecord } from "../../record/index.ts";
import { duration, loss, percentCell, pointsCell } from "../../format/index.ts";
import { SCORE_KEYS, scoreOf } from "../scores.ts";
import type { ScoreKey } from "../scores.ts";
import { groupsOf } from "./suite-rows.ts";
import type { SuiteRow } from "./suite-rows.ts";
import { csvText, markdownText } from "../text-tables.ts";

/**
 * The table of all scenarios.
 *
 * Markdown has one table per scenario: percent, with the signed gap to Retrain in points in parentheses.
 * CSV has one for all: fractions, seconds, empty cells where there is no oracle; RFC 4180.
 */
export function renderSuiteTable(suite: SuiteRecord, format: "markdown" | "csv"): string {
  return format === "markdown" ? markdownTables(suite) : csvTable(suite);
}

const MARKDOWN_HEAD = [
  "Original",
  "Method",
  ...SCORE_KEYS,
  "Disparity Ave.",
  "RTE",
  "RTE if dense",
  "Original's training loss",
];

function markdownTables({ scenarios }: SuiteRecord): string {
  return scenarios
    .map((scenario) => {
      const rows = groupsOf(scenario).flatMap(({ rows }) => rows.map(markdownRow));
      const rule = MARKDOWN_HEAD.map((_, column) => (column < 2 ? "---" : "---:"));
      const lines = [MARKDOWN_HEAD, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`);
      return `### ${markdownText(scenario.name)}\n\n${lines.join("\n")}\n`;
    })
    .join("\n");
}

function markdownRow({ evaluation, original, label }: SuiteRow): string[] {
  const { metrics, oracle, disparityAverage, originalTrainLoss } = evaluation;
  const score = (key: ScoreKey): string => {
    const { value } = scoreOf(metrics, key);
    return oracle === undefined
      ? percentCell(value)
      : `${percentCell(value)} (${pointsCell(value - scoreOf(oracle.metrics, key).value)})`;
  };
  return [
    markdownText(original),
    markdownText(label),
    ...SCORE_KEYS.map(score),
    disparityAverage === undefined ? "" : percentCell(disparityAverage),
    duration(metrics.RTE.seconds),
    metrics.RTE.denseSeconds === undefined ? "" : `about ${duration(metrics.RTE.denseSeconds)}`,
    loss(originalTrainLoss),
  ];
}

function csvTable({ scenarios }: SuiteRecord): string {
  const scoreHead = SCORE_KEYS.flatMap((key) => [key, `${key}_low`, `${key}_high`, `${key}_count`, `${key}_gap`]);
  const head = [
    "scenario",
    "original_sparsity",
    "method",
    ...scoreHead,
    "disparity_average",
    "rte_seconds",
    "rte_dense_seconds",
  ];
  const rows = scenarios.flatMap((scenario) =>
    groupsOf(scenario).flatMap(({ rows }) => rows.map((row) => [scenario.name, ...csvRow(row)])),
  );
  return csvText([[...head, "original_train_loss", "model_sha256"], ...rows]);
}

function csvRow({ evaluation, originalSparsity, label }: SuiteRow): Array<string | number> {
  const { metrics, oracle, disparityAverage, originalTrainLoss, run } = evaluation;
  const score = (key: ScoreKey): Array<string | number> => {
    const { value, interval, count } = scoreOf(metrics, key);
    const gap = oracle === undefined ? "" : value - scoreOf(oracle.metrics, key).value;
    return [value, ...interval, count, gap];
  };
  return [
    originalSparsity,
    label,
    ...SCORE_KEYS.flatMap(score),
    disparityAverage ?? "",
    metrics.RTE.seconds,
    metrics.RTE.denseSeconds ?? "",
    originalTrainLoss,
    run.modelSha256,
  ];
}
