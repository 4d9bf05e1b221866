/** `coppice experiment figure6` and `suspects`: a grid of cleanses to its tables and report. */
import { join } from "node:path";
import { type BackdoorSpec, runBackdoorExperiment } from "../experiments/index.ts";
import type { BackdoorOptions } from "../experiments/index.ts";
import { renderBackdoorCsv, renderBackdoorReport, renderBackdoorTable } from "../report/index.ts";
import { makeFolder, writeFileAtomic, writeJson } from "../util/files.ts";
import type { BackdoorExperimentRecord } from "../record/index.ts";
import type { CliContext } from "./context.ts";

/** Runs what is not done and writes record, tables and report to `out`. */
export async function runAndWriteBackdoor(
  spec: BackdoorSpec,
  out: string,
  options: BackdoorOptions,
  context: CliContext,
): Promise<BackdoorExperimentRecord> {
  makeFolder(out);
  const record = await runBackdoorExperiment(spec, options, context);
  writeJson(join(out, "backdoor-experiment.json"), record);
  writeFileAtomic(join(out, "scores.md"), renderBackdoorTable(record));
  writeFileAtomic(join(out, "scores.csv"), renderBackdoorCsv(record));
  writeFileAtomic(join(out, "report.html"), await renderBackdoorReport(record));
  return record;
}
