/** The tables of cleanses on a terminal. */
import Table from "cli-table3";
import type { CleanseRecord, CleanseComparisonRecord, Metric } from "../record/index.ts";
import { intervalText, scoreText } from "./score-text.ts";
import { print } from "./output.ts";

const INTERVAL = "95 % interval";

type Score = Pick<Metric, "value" | "interval">;

export function printCleanse({ before, run, DER, suspects }: CleanseRecord): void {
  const table = new Table({
    head: ["metric", "before", INTERVAL, "after", INTERVAL, "images"],
    style: { head: [], border: [], compact: true },
  });
  const rows: [string, Metric | undefined, Metric | undefined][] = [
    ["ASR, without the target class", before.metrics.ASR, run.metrics.ASR],
    ["ASR, reference: with it", before.metrics.ASRReference, run.metrics.ASRReference],
    ["SA, clean accuracy", before.metrics.SA, run.metrics.SA],
    ["robust accuracy", before.metrics.robustAccuracy, run.metrics.robustAccuracy],
    ["accuracy on held-out images", before.metrics.heldOut, run.metrics.heldOut],
  ];
  for (const [name, earlier, later] of rows) {
    if (earlier === undefined || later === undefined) continue;
    table.push([name, ...withInterval(earlier), ...withInterval(later), later.count]);
  }
  if (DER !== undefined) table.push(["DER", "", "", ...withInterval(DER), ""]);
  if (suspects?.truth !== undefined) {
    const { precision, recall, found, poisoned } = suspects.truth;
    table.push(["precision of the suspects", "", "", ...withInterval(precision), suspects.count]);
    table.push([`recall: ${found} of the poisoned`, "", "", ...withInterval(recall), poisoned]);
  }
  print(table.toString());
}

/** One line for each; what was not measured is empty. */
export function printCleanseComparison({ cleanses }: CleanseComparisonRecord): void {
  const table = new Table({
    head: ["sparsity", "method", "ASR*", "after", INTERVAL, "SA", "after", INTERVAL, "robust accuracy", "DER", "steps"],
    style: { head: [], border: [], compact: true },
  });
  const orEmpty = (score: Pick<Score, "value"> | undefined): string => (score === undefined ? "" : scoreText(score));
  for (const { run, before, DER } of cleanses) {
    table.push([
      before.sparsity.toFixed(3),
      run.method,
      orEmpty(before.metrics.ASR),
      ...(run.metrics.ASR === undefined ? ["", ""] : withInterval(run.metrics.ASR)),
      orEmpty(before.metrics.SA),
      ...withInterval(run.metrics.SA),
      orEmpty(run.metrics.robustAccuracy),
      orEmpty(DER),
      run.steps,
    ]);
  }
  print(`${table.toString()}\n* without images of the target class; scores.md has ASR with them too`);
}

function withInterval(score: Score): [string, string] {
  return [scoreText(score), intervalText(score.interval)];
}
