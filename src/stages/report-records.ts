/** Gathers the records a report shows. */
import { defined } from "../util/defined.ts";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type EvaluationRecord, type MetricLine, parseEvaluationRecord, type RunRecord } from "../record/index.ts";
import type { SplitManifest } from "../record/split.ts";
import { CoppiceError } from "../util/errors.ts";
import { readText } from "../util/files.ts";
import { originalConfig } from "./parent.ts";
import { RunFolder } from "./run-folder.ts";
import { showsSamples } from "./samples.ts";

export interface ReportRecords {
  readonly run: RunRecord;
  readonly split: SplitManifest;
  readonly history: MetricLine[];
  readonly evaluation?: EvaluationRecord;
  readonly oracle?: RunRecord;
  /** The run's ancestors, the earliest first, as far back as their folders are there. */
  readonly lineage: RunRecord[];
}

/**
 * Everything known of the run in `path`: other folders only where they are still there.
 * @param withSamples whether images to be forgotten are among it; default: of data that anyone has
 */
export function reportRecords(path: string, withSamples?: boolean): ReportRecords {
  const folder = RunFolder.open(path);
  const run = folder.readRecord();
  const evaluation = folder.has("evaluation") ? evaluationIn(folder, run, withSamples) : undefined;
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

function evaluationIn(folder: RunFolder, run: RunRecord, withSamples: boolean | undefined): EvaluationRecord {
  const file = folder.file("evaluation");
  const evaluation = parseEvaluationRecord(readText(file, "E_CHECKPOINT"), file);
  if (evaluation.samples.length === 0) {
    if (withSamples !== true) return evaluation;
    throw new CoppiceError("E_CONFIG", `${file}: expected an evaluation that has kept samples, got one without`, {
      hint: "evaluate again with --with-samples, or leave it out here",
    });
  }
  const shown = showsSamples(withSamples, { data: originalConfig(run).data, verified: run.data.verified });
  return shown ? evaluation : { ...evaluation, samples: [] };
}

function lineageOf(folder: RunFolder, run: RunRecord): RunRecord[] {
  if (run.parent === undefined) return [];
  const path = resolve(folder.path, run.parent.path);
  if (!existsSync(resolve(path, "run.json"))) return [];
  const parent = RunFolder.open(path);
  const record = parent.readRecord();
  return [...lineageOf(parent, record), record];
}
