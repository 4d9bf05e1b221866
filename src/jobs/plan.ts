/** What is left to do of a grid and about how long that takes, before anything runs. */
import { inOrder } from "./job.ts";
import type { JobStore } from "./job-store.ts";
import type { StageJob } from "./stage-jobs/index.ts";

export interface PlanLine {
  readonly kind: StageJob["kind"];
  readonly jobs: number;
  readonly done: number;
  /** Those that failed last time, and will be tried again. */
  readonly failed: number;
  /** Estimate for what is not done, on this machine. */
  readonly secondsLeft: number;
}

/** Finds or measures the seconds of a training step of the dense network, for each image of it. */
export type SecondsPerImage = (job: StageJob) => Promise<number>;

/**
 * From how long finished jobs of the same kind took for their work; where there is none, from a dense training step, which is too much for
 * what runs on the sparse kernels.
 */
export async function planOf(
  wanted: readonly StageJob[],
  store: JobStore,
  secondsPerImage: SecondsPerImage,
): Promise<PlanLine[]> {
  const jobs = inOrder(wanted) as StageJob[];
  const kinds = [...new Set(jobs.map(({ kind }) => kind))];
  const lines: PlanLine[] = [];
  for (const kind of kinds) {
    const own = jobs.filter((job) => job.kind === kind);
    const done = own.filter(({ key }) => store.isDone(key));
    const left = own.filter(({ key }) => !store.isDone(key));
    const rate = rateOf(done, store);
    let secondsLeft = 0;
    // Poisoning is no work worth measuring.
    for (const job of left.filter(({ work }) => work > 0))
      secondsLeft += job.work * (rate ?? (await secondsPerImage(job)));
    const failed = left.filter(({ key }) => store.failure(key) !== null).length;
    lines.push({ kind, jobs: own.length, done: done.length, failed, secondsLeft });
  }
  return lines;
}

function rateOf(done: readonly StageJob[], store: JobStore): number | null {
  const sum = (of: (job: StageJob) => number): number => done.reduce((total, job) => total + of(job), 0);
  const work = sum((job) => job.work);
  return work === 0 ? null : sum(({ key }) => store.done(key).seconds) / work;
}
