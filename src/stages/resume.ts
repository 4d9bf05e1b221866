/** Goes on with whatever was interrupted, to the same bytes as if it had not been. */
import { requirePlugins } from "../plugins/index.ts";
import type { RunRecord } from "../record/index.ts";
import { getNumThreads } from "../torch/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { resumeCleanse } from "./cleanse.ts";
import { resumeForget } from "./forget.ts";
import { resumePrune } from "./prune.ts";
import { checkRecorded } from "./recorded-settings.ts";
import { RunFolder } from "./run-folder.ts";
import type { StageContext } from "./stage.ts";
import { isComplete, takeUp } from "./take-up.ts";
import { resumeTransfer } from "./transfer/transfer.ts";
import { resumeTrain } from "./train.ts";

/**
 * Resumes the run in `path` from its last checkpoint, or from its start when there is none yet.
 * @throws CoppiceError E_CHECKPOINT when it is finished, in use, or no run.
 */
export async function resumeStage(path: string, context: StageContext): Promise<RunRecord> {
  using folder = RunFolder.open(path).lock();
  const record = folder.readRecord();
  if (isComplete(folder, record)) {
    folder.removeWorkingFiles();
    throw new CoppiceError("E_CHECKPOINT", `${path}: expected an interrupted run, got one that is finished`, {
      hint: "nothing is left to do",
    });
  }
  checkRecorded(record, folder.file("record"));
  await requirePlugins(record.plugins, path, context.loadPlugin);
  const { threads } = record.environment;
  if (threads !== getNumThreads()) {
    context.log(
      `started with ${threads} threads, resumed with ${getNumThreads()}: rounding, and so the result, may differ`,
    );
  }
  switch (record.kind) {
    case "train":
      return await resumeTrain(folder, context);
    case "prune":
      return await resumePrune(folder, context);
    case "forget":
      return await (record.config["cleanse"] === undefined ? resumeForget : resumeCleanse)(folder, context);
    case "transfer":
      return await resumeTransfer(folder, context);
  }
}

/** Leaves a finished run in the folder `path`, as {@link takeUp} does: made by `start`, or resumed. */
export async function startOrResume(
  path: string,
  start: (context: StageContext) => Promise<unknown>,
  context: StageContext,
): Promise<void> {
  await takeUp(path, { start, resume: (resuming) => resumeStage(path, resuming) }, context);
}
