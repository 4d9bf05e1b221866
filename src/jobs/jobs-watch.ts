/** Where an experiment's jobs stand, as the folder tells that everybody at them shares. */
import { inOrder, type Job } from "./job.ts";
import type { Failure, JobStore } from "./job-store.ts";

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

/** One look at all jobs. */
export interface JobsState {
  /** What is not done. */
  readonly left: readonly Job[];
  /** What of it has failed. */
  readonly failed: readonly Job[];
  /** What of it can be done now, or is being done. */
  readonly ready: readonly Job[];
}

export class JobsWatch {
  readonly #jobs: readonly Job[];
  readonly #store: JobStore;
  /** Failures of before: those jobs are tried again. */
  readonly #before: ReadonlyMap<string, number | null>;

  constructor(wanted: readonly Job[], store: JobStore) {
    this.#jobs = inOrder(wanted);
    this.#store = store;
    this.#before = new Map(this.#jobs.map(({ key }) => [key, store.failedAt(key)]));
  }

  look(): JobsState {
    const left = this.#jobs.filter(({ key }) => !this.#store.isDone(key));
    const failed = left.filter(({ key }) => this.#hasFailed(key));
    const ready = left.filter((job) => !failed.includes(job) && job.after.every(({ key }) => this.#store.isDone(key)));
    return { left, failed, ready };
  }

  /** @param job under way here */
  status({ left, failed, ready }: JobsState, job: Job | null): JobsStatus {
    return {
      total: this.#jobs.length,
      done: this.#jobs.length - left.length,
      failed: failed.length,
      elsewhere: ready.filter(({ key }) => key !== job?.key && this.#store.isTaken(key)).length,
      job,
    };
  }

  /** When nothing is ready any more. */
  outcome({ left }: JobsState): JobsOutcome {
    const failed = left.flatMap((job) => {
      const failure = this.#hasFailed(job.key) ? this.#store.failure(job.key) : null;
      return failure === null ? [] : [{ job, failure }];
    });
    const names = new Set(failed.map(({ job }) => job.key));
    return { failed, blocked: left.filter(({ key }) => !names.has(key)) };
  }

  #hasFailed(key: string): boolean {
    const at = this.#store.failedAt(key);
    return at !== null && at !== this.#before.get(key);
  }
}
