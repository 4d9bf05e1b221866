/** The table of a cleanse on a terminal. */
import Table from "cli-table3";
import type { CleanseRecord, Metric } from "../record/index.ts";

export function printCleanse({ before, run, DER, suspects }: CleanseRecord): void {
  const table = new Table({
    head: ["metric", "before", "after", "95 % interval", "images"],
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
    table.push([name, earlier.value.toFixed(4), later.value.toFixed(4), intervalOf(later), later.count]);
  }
  if (DER !== undefined) table.push(["DER", "", DER.value.toFixed(4), intervalOf(DER), ""]);
  const { truth } = suspects;
  if (truth !== undefined) {
    const { precision, recall, found, poisoned } = truth;
    table.push(["precision of the suspects", "", precision.value.toFixed(4), intervalOf(precision), suspects.count]);
    table.push([`recall: ${found} of the poisoned`, "", recall.value.toFixed(4), intervalOf(recall), poisoned]);
  }
  console.log(table.toString());
}

function intervalOf({ interval }: { readonly interval: readonly [number, number] }): string {
  return interval.map((bound) => bound.toFixed(4)).join(" to ");
}
