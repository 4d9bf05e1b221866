/** Several cleanses of one model as a table: percent, with 95 % intervals over test images. */
import type { CleanseComparisonRecord, Metric } from "../../record/index.ts";
import { duration, intervalCell, percentCell, sparsityName } from "../../format/index.ts";
import { methodLabel, TROJAN_SCORES } from "../scores.ts";
import { csvText, markdownTable } from "../text-tables.ts";

export type ComparedCleanse = CleanseComparisonRecord["cleanses"][number];

const scores = Object.keys(TROJAN_SCORES) as (keyof typeof TROJAN_SCORES)[];

export const COMPARISON_HEAD = [
  "Model",
  "Method",
  ...scores.flatMap((score) => [`${TROJAN_SCORES[score]}, before`, "after"]),
  "DER",
  "Steps",
  "Time",
] as const;

/** Empty where the attack is not known, or no image was held out. */
export function comparisonRow({ run, before, DER }: ComparedCleanse): string[] {
  return [
    sparsityName(before.sparsity),
    methodLabel(run.method),
    ...scores.flatMap((score) => [shown(before.metrics[score]), shown(run.metrics[score])]),
    shown(DER),
    String(run.steps),
    duration(run.seconds),
  ];
}

function shown(metric: Pick<Metric, "value" | "interval"> | undefined): string {
  return metric === undefined ? "" : `${percentCell(metric.value)} (${intervalCell(metric.interval)})`;
}

export function renderCleanseComparisonTable({ cleanses }: Pick<CleanseComparisonRecord, "cleanses">): string {
  const title = "Before and after, percent with 95 % intervals over test images";
  return `${markdownTable(title, COMPARISON_HEAD, cleanses.map(comparisonRow))}\n`;
}

/** Fractions. */
export function renderCleanseComparisonCsv({ cleanses }: Pick<CleanseComparisonRecord, "cleanses">): string {
  const ends = ["", "_low", "_high"];
  const head = [
    "sparsity",
    "method",
    ...scores.flatMap((score) => [`${score}_before`, score].flatMap((name) => ends.map((end) => `${name}${end}`))),
    ...ends.map((end) => `DER${end}`),
    "steps",
    "seconds",
    "folder",
  ];
  const cellsOf = (metric: Pick<Metric, "value" | "interval"> | undefined): Array<number | string> =>
    metric === undefined ? ["", "", ""] : [metric.value, ...metric.interval];
  const rows = cleanses.map(({ run, before, DER }) => [
    before.sparsity,
    run.method,
    ...scores.flatMap((score) => [...cellsOf(before.metrics[score]), ...cellsOf(run.metrics[score])]),
    ...cellsOf(DER),
    run.steps,
    run.seconds,
    run.path,
  ]);
  return csvText([head, ...rows]);
}
