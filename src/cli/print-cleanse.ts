/** The table of a cleanse on a terminal. */
import Table from "cli-table3";
import type { CleanseRecord, Metric } from "../record/index.ts";

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
  const { truth } = suspects;
  if (truth !== undefined) {
    const { precision, recall, found, poisoned } = truth;
    table.push(["precision of the suspects", "", "", ...valueOf(precision), suspects.count]);
    table.push([`recall: ${found} of the poisoned`, "", "", ...valueOf(recall), poisoned]);
  }
  console.log(table.toString());
}

/** A share and its interval. */
function valueOf({ value, interval }: Pick<Metric, "value" | "interval">): [string, string] {
  return [value.toFixed(4), interval.map((bound) => bound.toFixed(4)).join(" to ")];
}
