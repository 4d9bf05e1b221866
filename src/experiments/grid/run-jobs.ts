/** Does what is to be done of an experiment's jobs, beside whoever else is at it, until nothing is left that can be done. */
import { setTimeout as sleep } from "node:timers/promises";
import { Interrupted } from "../../train/index.ts";
import { messageOf } from "../../util/errors.ts";
import type { StageContext } from "../stage.ts";
import { inOrder, type Job } from "./job.ts";
import type { Attempt, Failure, JobStore } from "./job-store.ts";

export interface JobsOutcome {
  /** Jobs that failed, with how. */
  readonly failed: readonly { readonly job: Job; readonly failure: Failure }[];
  /** Jobs that were not tried because one before them failed. */
  readonly blocked: readonly Job[];
}

export interface JobsStatus {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  /** Under way in other processes, as far as can be told. */
  readonly elsewhere: number;
  /** Under way here. */
  readonly job: Job | null;
}

export interface RunJobsOptions {
  readonly onStatus?: (status: JobsStatus) => void;
  /** Between two looks at what others do. Default 1 s. */
  readonly pollSeconds?: number;
}

/**
 * Jobs that failed before this call are tried again, once.
 * @throws Interrupted when asked to stop; what was under way goes on from its checkpoint next time
 */
export async function runJobs(
  wanted: readonly Job[],
  store: JobStore,
  context: StageContext,
  { onStatus, pollSeconds = 1 }: RunJobsOptions = {},
): Promise<JobsOutcome> {
  const jobs = inOrder(wanted);
  const since = Date.now();
  for (;;) {
    if (context.signal?.aborted === true) throw new Interrupted();
    const left = jobs.filter(({ key }) => !store.isDone(key));
    const open = left.filter(({ key }) => store.failure(key, since) === null);
    const ready = open.filter(({ after }) => after.every(({ key }) => store.isDone(key)));
    const status = (job: Job | null): void =>
      onStatus?.({
        total: jobs.length,
        done: jobs.length - left.length,
        failed: left.length - open.length,
        elsewhere: ready.filter(({ key }) => key !== job?.key && store.isTaken(key)).length,
        job,
      });
    const found = firstFree(ready, store);
    status(found?.job ?? null);
    if (found !== null) await perform(found, store, context);
    else if (ready.length === 0) return outcome(left, store, since);
    else await sleep(1000 * pollSeconds);
  }
}

interface Found {
  readonly job: Job;
  readonly attempt: Attempt;
}

function firstFree(ready: readonly Job[], store: JobStore): Found | null {
  for (const job of ready) {
    const attempt = store.attempt(job.key);
    if (attempt !== null) return { job, attempt };
  }
  return null;
}

async function perform({ job, attempt }: Found, store: JobStore, context: StageContext): Promise<void> {
  const start = performance.now();
  try {
    await job.perform(attempt.path, ({ key }) => store.folderOf(key), context);
    const seconds = (performance.now() - start) / 1000;
    if (!attempt.finish({ title: job.title, seconds }))
      context.log(`${job.title}: another process has taken it over and goes on with it`);
  } catch (error) {
    if (!attempt.holds()) {
      context.log(`${job.title}: another process has taken it over and goes on with it`);
      return;
    }
    if (error instanceof Interrupted) {
      attempt.giveUp();
      throw error;
    }
    attempt.fail(error);
    context.log(`${job.title}: failed, ${messageOf(error)}`);
  }
}

function outcome(left: readonly Job[], store: JobStore, since: number): JobsOutcome {
  const failed = left.flatMap((job) => {
    const failure = store.failure(job.key, since);
    return failure === null ? [] : [{ job, failure }];
  });
  const names = new Set(failed.map(({ job }) => job.key));
  return { failed, blocked: left.filter(({ key }) => !names.has(key)) };
}
