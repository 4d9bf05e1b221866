/** A run that may be there already, whole, in part or not at all. */
import type { RunRecord } from "../record/index.ts";
import { isMeasured } from "./beside-model.ts";
import { RunFolder } from "./run-folder.ts";
import type { StageContext } from "./stage.ts";

export interface Attempts {
  /** Makes the run; what an earlier attempt left in the folder is replaced. */
  readonly start: (context: StageContext) => Promise<unknown>;
  /** Goes on with an interrupted one. */
  readonly resume: (context: StageContext) => Promise<unknown>;
}

/** Leaves a finished run in the folder `path`: starts it, starts again one that failed, resumes one that was interrupted, and leaves a finished one alone. */
export async function takeUp(path: string, { start, resume }: Attempts, context: StageContext): Promise<void> {
  const folder = RunFolder.holdsRun(path) ? RunFolder.open(path) : null;
  const record = folder?.readRecord();
  if (folder === null || record === undefined || record.status === "failed") {
    await start({ ...context, force: true });
    return;
  }
  if (!isComplete(folder, record)) await resume(context);
}

/** Finished; and where it is a cleanse, measured too, before which it may have been stopped. */
export function isComplete(folder: RunFolder, { status, config }: RunRecord): boolean {
  if (status !== "finished") return false;
  return config["cleanse"] === undefined || isMeasured(folder);
}
