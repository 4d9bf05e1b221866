/** How a stage ended, for people or for machines. */
import Table from "cli-table3";
import { duration, percent } from "../format/index.ts";
import type { RunRecord } from "../record/index.ts";
import { sparsityOf } from "../stages/model-file.ts";
import { print, printJson } from "./output.ts";

export function printRun(record: RunRecord, path: string, json: boolean): void {
  if (json) {
    printJson(record);
    return;
  }
  const { result } = record;
  if (result === undefined) return;
  const { denseSeconds } = result;
  const beside = denseSeconds === undefined ? "" : ` (with dense operators about ${duration(denseSeconds)})`;
  print(`${path}: ${record.kind} finished in ${duration(result.seconds)}${beside}`);
  print(`  training loss ${result.trainLoss.toFixed(4)}, accuracy ${result.trainAccuracy.toFixed(4)}`);
  if (result.validationAccuracy !== undefined) print(`  validation accuracy ${result.validationAccuracy.toFixed(4)}`);
  const sparsity = sparsityOf(record);
  if (sparsity > 0) print(`  sparsity ${sparsity.toFixed(4)} (fraction of convolution weights that are exactly zero)`);
  if (record.kind === "prune") printLayers(record);
  // After a cleanse that read no training images there are no forgotten images to evaluate.
  if (record.split.counts.forget > 0) print(`  next: coppice evaluate ${path}, then coppice report ${path}`);
}

/** What the mask leaves of each layer. */
function printLayers({ mask }: RunRecord): void {
  const table = new Table({
    head: ["layer", "weights", "left", "density"],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, numel, nonzero } of mask?.layers ?? [])
    table.push([name, numel, nonzero, percent(nonzero / numel)]);
  print(table.toString());
}
