/**
 * Sends an experiment's jobs to the workers of a queue, until nothing is left that can be done. The shared folder says which jobs are done, under way
 * or failed. All others are sent again and again, so that nothing is lost if the queue loses its content.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Interrupted } from "../train/index.ts";
import { messageOf } from "../util/errors.ts";
import type { StageContext } from "../stages/stage.ts";
import type { Job } from "./job.ts";
import type { JobStore } from "./job-store.ts";
import { type JobsOutcome, type JobsState, type JobsStatus, JobsWatch } from "./jobs-watch.ts";

export interface QueueJobsOptions {
  /** Puts jobs on the queue by their keys; those that wait there already may come again. */
  readonly send: (keys: readonly string[]) => Promise<void>;
  readonly onStatus?: ((status: JobsStatus) => void) | undefined;
  /** Between two looks at the folder. Default 1 s. */
  readonly pollSeconds?: number;
  /** Until a job that nobody has begun is put on the queue again. Default 10 s. */
  readonly againSeconds?: number;
}

/**
 * Jobs that failed before this call are tried again, once.
 * @throws Interrupted when asked to stop; workers go on with what is under way and with what waits in the queue
 */
export async function queueJobs(
  wanted: readonly Job[],
  store: JobStore,
  context: StageContext,
  { send, onStatus, pollSeconds = 1, againSeconds = 10 }: QueueJobsOptions,
): Promise<JobsOutcome> {
  const watch = new JobsWatch(wanted, store);
  const sent = new SentJobs(send, againSeconds, context.log);
  let before: JobsState | null = null;
  for (;;) {
    if (context.signal?.aborted === true) throw new Interrupted();
    const state = watch.look();
    if (before !== null) report(before, state, context.log);
    before = state;
    onStatus?.(watch.status(state, null));
    if (state.ready.length === 0) return watch.outcome(state);
    const taken = new Set(state.ready.filter(({ key }) => store.isTaken(key)));
    sent.taken(taken);
    sent.sendDue(state.ready.filter((job) => !taken.has(job)));
    await sleep(1000 * pollSeconds);
  }
}

function report(before: JobsState, now: JobsState, log: (message: string) => void): void {
  for (const job of before.left) if (!now.left.includes(job)) log(`${job.title}: done`);
  for (const job of now.failed) if (!before.failed.includes(job)) log(`${job.title}: failed`);
}

/** Which jobs were sent that no worker has begun, and when. */
class SentJobs {
  readonly #send: QueueJobsOptions["send"];
  readonly #againSeconds: number;
  readonly #log: (message: string) => void;
  readonly #sentAt = new Map<string, number>();
  /** While the server cannot be reached, one message waits for it, rather than one more after every look. */
  #waiting = false;

  constructor(send: QueueJobsOptions["send"], againSeconds: number, log: (message: string) => void) {
    this.#send = send;
    this.#againSeconds = againSeconds;
    this.#log = log;
  }

  /** Forgets jobs that a worker has begun: if it gives one back, that is sent again at once. */
  taken(jobs: Iterable<Job>): void {
    for (const { key } of jobs) this.#sentAt.delete(key);
  }

  sendDue(jobs: readonly Job[]): void {
    const now = performance.now();
    const keys = jobs.map(({ key }) => key);
    const due = keys.filter((key) => now - (this.#sentAt.get(key) ?? -Infinity) >= 1000 * this.#againSeconds);
    if (this.#waiting || due.length === 0) return;
    this.#waiting = true;
    this.#send(due)
      .catch((error: unknown) => this.#log(`queue: ${messageOf(error)}`))
      .finally(() => {
        this.#waiting = false;
        for (const key of due) this.#sentAt.set(key, performance.now());
      });
  }
}
