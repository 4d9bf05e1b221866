/** `coppice experiment figure6` and `suspects`: a grid of cleanses to its tables and report. */
import { join } from "node:path";
import { type CleansingSpec, runCleansing } from "../experiments/index.ts";
import type { CleansingOptions } from "../experiments/index.ts";
import { renderCleansingCsv, renderCleansingReport, renderCleansingTable } from "../report/index.ts";
import { makeFolder, writeFileAtomic, writeJson } from "../util/files.ts";
import type { CleansingRecord } from "../record/index.ts";
import type { CliContext } from "./context.ts";

/** Runs what is not done and writes record, tables and report to `out`. */
export async function runAndWriteCleansing(
  spec: CleansingSpec,
  out: string,
  options: CleansingOptions,
  context: CliContext,
): Promise<CleansingRecord> {
  makeFolder(out);
  const record = await runCleansing(spec, options, context);
  writeJson(join(out, "cleansing.json"), record);
  writeFileAtomic(join(out, "scores.md"), renderCleansingTable(record));
  writeFileAtomic(join(out, "scores.csv"), renderCleansingCsv(record));
  writeFileAtomic(join(out, "report.html"), await renderCleansingReport(record));
  return record;
}
