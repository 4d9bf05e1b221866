/** Cells of a grid as if their jobs had been done. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cell } from "../../../../src/experiments/grid/expand.ts";
import type { JobStore } from "../../../../src/jobs/job-store.ts";
import type { EvaluationRecord } from "../../../../src/record/index.ts";
import { evaluationRecord, runRecord } from "../../report/made-up-records.ts";

/** @param changes of the evaluation's record */
export function finish(
  store: JobStore,
  { base, evaluation: job }: Cell,
  changes: Partial<EvaluationRecord> = {},
  trainLoss = 0.002,
): void {
  const [runFolder, folder] = [store.folderOf(base.key), store.folderOf(job.key)];
  for (const path of [runFolder, folder]) mkdirSync(path, { recursive: true });
  const record = runRecord();
  writeFileSync(join(runFolder, "run.json"), JSON.stringify({ ...record, result: { ...record.result, trainLoss } }));
  writeFileSync(join(folder, "evaluation.json"), JSON.stringify({ ...evaluationRecord(), ...changes }));
}
