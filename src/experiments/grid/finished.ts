/** What the finished jobs of a cell have left. */
import { join } from "node:path";
import type { JobStore } from "../../jobs/job-store.ts";
import { type CompleteEvaluation, hasAllScores, parseEvaluationRecord, type RunRecord } from "../../record/index.ts";
import { RunFolder } from "../../stages/run-folder.ts";
import { CoppiceError } from "../../util/errors.ts";
import { readText } from "../../util/files.ts";
import type { Cell } from "./expand.ts";

/** Of the model of a cell. @throws CoppiceError E_CHECKPOINT when it cannot be read, or lacks scores */
export function evaluationOf({ evaluation }: Cell, store: JobStore): CompleteEvaluation {
  return store.read(evaluation.key, (folder) => {
    const file = join(folder, "evaluation.json");
    const record = parseEvaluationRecord(readText(file, "E_CHECKPOINT"), file);
    if (hasAllScores(record)) return record;
    throw new CoppiceError(
      "E_CHECKPOINT",
      `${file}: expected an evaluation with UA and MIA, got one without, as where the images to forget are gone`,
    );
  });
}

/** Of the model that the cell's model comes from. @throws CoppiceError E_CHECKPOINT when it cannot be read */
export function originalOf({ base }: Cell, store: JobStore): RunRecord {
  return store.read(base.key, (folder) => RunFolder.open(folder).readRecord());
}

/** Cells whose model is evaluated. */
export function finishedCells(cells: readonly Cell[], store: JobStore): Cell[] {
  return cells.filter(({ evaluation }) => store.isDone(evaluation.key));
}
