/** Does what is to be done of an experiment's jobs, beside other processes, until nothing is left that can be done. */
import { defined } from "../util/defined.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { Interrupted } from "../train/index.ts";
import { CoppiceError } from "../util/errors.ts";
import type { StageContext } from "../stages/stage.ts";
import type { Job } from "./job.ts";
import type { JobStore } from "./job-store.ts";
import { type JobsOutcome, type JobsStatus, JobsWatch } from "./jobs-watch.ts";
import { performJob, type Task } from "./perform-job.ts";
import { checkJobsData } from "./same-data.ts";

export type { JobsOutcome, JobsStatus };

export interface RunJobsOptions {
  readonly onStatus?: (status: JobsStatus) => void;
  /** Between two looks at what others do. Default 1 s. */
  readonly pollSeconds?: number;
}

/**
 * Jobs that failed before this call are tried again, once.
 * @throws CoppiceError E_CONFIG when finished jobs are of other data, Interrupted when asked to stop; what was under way goes on from its
 *   checkpoint next time
 */
export async function runJobs(
  wanted: readonly Job[],
  store: JobStore,
  context: StageContext,
  { onStatus, pollSeconds = 1 }: RunJobsOptions = {},
): Promise<JobsOutcome> {
  await checkJobsData(wanted, store, context);
  const watch = new JobsWatch(wanted, store);
  for (;;) {
    if (context.signal?.aborted === true) throw new Interrupted();
    const state = watch.look();
    const task = firstFree(state.ready, store);
    onStatus?.(watch.status(state, task?.job ?? null));
    if (task !== null) await performJob(task, store, context);
    else if (state.ready.length === 0) return watch.outcome(state);
    else await sleep(1000 * pollSeconds);
  }
}

/** A stage's context, and a function that is told how far the jobs are. */
export interface JobsContext extends StageContext {
  readonly onStatus?: (status: JobsStatus) => void;
}

/**
 * As `runJobs`, for what needs all of them.
 * @throws CoppiceError E_CONFIG when a job failed: the rest is done, and the next call tries that one again. Interrupted when asked to stop
 */
export async function completeJobs(wanted: readonly Job[], store: JobStore, context: JobsContext): Promise<void> {
  const { onStatus } = context;
  const { failed, blocked } = await runJobs(wanted, store, context, defined({ onStatus }));
  const [first] = failed;
  if (first === undefined) return;
  throw new CoppiceError(
    "E_CONFIG",
    `${store.path}: expected all of ${wanted.length} jobs, got ${failed.length} failures and ${blocked.length} that wait for them: ${first.job.title}: ${first.failure.message}`,
    { hint: "what failed is tried again when the command is run again" },
  );
}

function firstFree(ready: readonly Job[], store: JobStore): Task | null {
  for (const job of ready) {
    const attempt = store.attempt(job.key);
    if (attempt !== null) return { job, attempt };
  }
  return null;
}
