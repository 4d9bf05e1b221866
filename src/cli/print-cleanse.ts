/** The tables of cleanses on a terminal. */
import Table from "cli-table3";
import type { CleanseRecord, CleanseComparisonRecord, Metric } from "../record/index.ts";

const INTERVAL = "95 % interval";

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
    table.push([name, ...valueOf(earlier), ...valueOf(later), later.count]);
  }
  if (DER !== undefined) table.push(["DER", "", "", ...valueOf(DER), ""]);
  if (suspects?.truth !== undefined) {
    const { precision, recall, found, poisoned } = suspects.truth;
    table.push(["precision of the suspects", "", "", ...valueOf(precision), suspects.count]);
    table.push([`recall: ${found} of the poisoned`, "", "", ...valueOf(recall), poisoned]);
  }
  console.log(table.toString());
}

/** One line for each; what is not known is left empty. */
export function printCleanseComparison({ cleanses }: CleanseComparisonRecord): void {
  const table = new Table({
    head: ["sparsity", "method", "ASR*", "after", INTERVAL, "SA", "after", INTERVAL, "robust accuracy", "DER", "steps"],
    style: { head: [], border: [], compact: true },
  });
  const short = (metric: Pick<Metric, "value"> | undefined): string => metric?.value.toFixed(4) ?? "";
  for (const { run, before, DER } of cleanses) {
    table.push([
      before.sparsity.toFixed(3),
      run.method,
      short(before.metrics.ASR),
      ...(run.metrics.ASR === undefined ? ["", ""] : valueOf(run.metrics.ASR)),
      short(before.metrics.SA),
      ...valueOf(run.metrics.SA),
      short(run.metrics.robustAccuracy),
      short(DER),
      run.steps,
    ]);
  }
  console.log(`${table.toString()}\n* without the target class; scores.md has the reference form too`);
}

/** A share and its interval. */
function valueOf({ value, interval }: Pick<Metric, "value" | "interval">): [string, string] {
  return [value.toFixed(4), interval.map((bound) => bound.toFixed(4)).join(" to ")];
}
