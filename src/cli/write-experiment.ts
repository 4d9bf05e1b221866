/** What a grid leaves in its folder: the record, tables of scores in four forms, times, the report. */
import { join } from "node:path";
import type { ExperimentRecord } from "../record/index.ts";
import { renderExperimentReport, renderScores, renderTimes, tableFormats } from "../report/index.ts";
import { writeFileAtomic, writeJson } from "../util/files.ts";

export async function writeExperiment(record: ExperimentRecord, out: string): Promise<void> {
  writeJson(join(out, "experiment.json"), record);
  for (const format of tableFormats) writeFileAtomic(join(out, `scores.${format}`), renderScores(record, format));
  for (const format of ["md", "csv"] as const)
    writeFileAtomic(join(out, `times.${format}`), renderTimes(record, format));
  writeFileAtomic(join(out, "report.html"), await renderExperimentReport(record));
}
