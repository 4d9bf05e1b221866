/** Does a job that this process has the right to do, and leaves in the store how it went. */
import { Interrupted } from "../train/index.ts";
import { asPluginError } from "../plugins/index.ts";
import { messageOf } from "../util/errors.ts";
import type { StageContext } from "../stages/stage.ts";
import type { Job } from "./job.ts";
import type { Attempt, JobStore } from "./job-store.ts";

/** A job, and the right to do it. */
export interface Task {
  readonly job: Job;
  readonly attempt: Attempt;
}

/** @throws Interrupted when asked to stop; the process that does the job next continues from its checkpoint */
export async function performJob({ job, attempt }: Task, store: JobStore, context: StageContext): Promise<void> {
  const start = performance.now();
  try {
    await job.perform(attempt.path, ({ key }) => store.folderOf(key), context);
    const seconds = (performance.now() - start) / 1000;
    if (!attempt.finish({ title: job.title, seconds }))
      context.log(`${job.title}: another process has taken it over and continues it`);
  } catch (error) {
    if (!attempt.holds()) {
      context.log(`${job.title}: another process has taken it over and continues it`);
      return;
    }
    if (error instanceof Interrupted) {
      attempt.giveUp();
      throw error;
    }
    const failure = asPluginError(error);
    attempt.fail(failure);
    context.log(`${job.title}: failed, ${messageOf(failure)}`);
  }
}
