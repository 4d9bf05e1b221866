/** Gathers the records a report shows. */
import { defined } from "../util/defined.ts";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type EvaluationRecord, type MetricLine, parseEvaluationRecord, type RunRecord } from "../record/index.ts";
import type { SplitManifest } from "../record/split.ts";
import { readText } from "../util/files.ts";
import { RunFolder } from "./run-folder.ts";

export interface ReportRecords {
  readonly run: RunRecord;
  readonly split: SplitManifest;
  readonly history: MetricLine[];
  readonly evaluation?: EvaluationRecord;
  readonly oracle?: RunRecord;
  /** The run's ancestors, the original last. */
  readonly lineage: RunRecord[];
}

/** Everything known of the run in `path`: other folders only where they are still there. */
export function reportRecords(path: string): ReportRecords {
  const folder = RunFolder.open(path);
  const run = folder.readRecord();
  const evaluation = folder.has("evaluation")
    ? parseEvaluationRecord(readText(folder.file("evaluation"), "E_CHECKPOINT"), folder.file("evaluation"))
    : undefined;
  const oraclePath = evaluation?.oracle === undefined ? undefined : resolve(folder.path, evaluation.oracle.path);
  const oracle =
    oraclePath !== undefined && existsSync(resolve(oraclePath, "run.json"))
      ? RunFolder.open(oraclePath).readRecord()
      : undefined;
  return {
    run,
    split: folder.readSplit(),
    history: folder.readMetrics(),
    ...defined({ evaluation, oracle }),
    lineage: lineageOf(folder, run),
  };
}

function lineageOf(folder: RunFolder, run: RunRecord): RunRecord[] {
  if (run.parent === undefined) return [];
  const path = resolve(folder.path, run.parent.path);
  if (!existsSync(resolve(path, "run.json"))) return [];
  const parent = RunFolder.open(path);
  const record = parent.readRecord();
  return [record, ...lineageOf(parent, record)];
}
