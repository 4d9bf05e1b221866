/** Gathers the records a report shows. */
import { defined } from "../util/defined.ts";
import { resolve } from "node:path";
import type { EvaluationRecord, MetricLine, RunRecord } from "../record/index.ts";
import type { SplitManifest } from "../record/split.ts";
import { CoppiceError } from "../util/errors.ts";
import { realPlace } from "../util/places.ts";
import { readEvaluation } from "./beside-model.ts";
import { originalConfig } from "./recorded-settings.ts";
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
  const evaluation = evaluationIn(folder, run, withSamples);
  const oracle = evaluation?.oracle === undefined ? undefined : recordOf(folder, evaluation.oracle)?.record;
  return {
    run,
    split: folder.readSplit(),
    history: folder.readMetrics(),
    ...defined({ evaluation, oracle }),
    lineage: lineageOf(folder, run),
  };
}

function evaluationIn(folder: RunFolder, run: RunRecord, withSamples?: boolean): EvaluationRecord | undefined {
  const evaluation = readEvaluation(folder);
  if (evaluation === undefined) return undefined;
  if (evaluation.samples.length === 0) {
    if (withSamples !== true) return evaluation;
    const file = folder.file("evaluation");
    throw new CoppiceError("E_CONFIG", `${file}: expected an evaluation that has kept samples, got one without`, {
      hint: "evaluate again with --with-samples, or leave it out here",
    });
  }
  const shown = showsSamples(withSamples, { data: originalConfig(run).data, verified: run.data.verified });
  return shown ? evaluation : { ...evaluation, samples: [] };
}

/** Its ancestors, as far as they are there. @throws CoppiceError E_CHECKPOINT when they run in a circle */
function lineageOf(folder: RunFolder, run: RunRecord, passed: readonly string[] = []): RunRecord[] {
  if (run.parent === undefined) return [];
  const seen = [...passed, realPlace(folder.path)];
  const place = resolve(realPlace(folder.path), run.parent.path);
  if (seen.includes(realPlace(place))) {
    throw new CoppiceError(
      "E_CHECKPOINT",
      `${folder.file("record")}: expected a parent that was made before, got ${place}, which was made from this run or is it`,
      { hint: "the record was changed: restore it, or make the run again" },
    );
  }
  const parent = recordOf(folder, run.parent);
  return parent === null ? [] : [...lineageOf(parent.folder, parent.record, seen), parent.record];
}

/** A run that another one names, null where it is gone or another model is in its place. */
function recordOf(
  from: RunFolder,
  { path, modelSha256 }: { readonly path: string; readonly modelSha256: string },
): { readonly folder: RunFolder; readonly record: RunRecord } | null {
  const place = resolve(realPlace(from.path), path);
  if (!RunFolder.holdsRun(place)) return null;
  const folder = RunFolder.open(place);
  const record = folder.readRecord();
  return record.result?.modelSha256 === modelSha256 ? { folder, record } : null;
}
