/** A piece of an experiment that is done once, by any process: what it is called, what it comes after, and how it is done. */
import type { StageContext } from "../stages/stage.ts";

export interface Job {
  /** Hash of everything its result depends on, and name of its folder. */
  readonly key: string;
  /** For people. */
  readonly title: string;
  /** What must be done before. */
  readonly after: readonly Job[];
  /**
   * Does the job in the folder `path`, which is new, or holds what an attempt has left that ended early.
   * @param folderOf where the result of an earlier job is
   */
  readonly perform: (path: string, folderOf: (job: Job) => string, context: StageContext) => Promise<void>;
}

/** All jobs that `jobs` need, and they, each once, none before what it comes after. */
export function inOrder(jobs: readonly Job[]): Job[] {
  const found = new Map<string, Job>();
  const visit = (job: Job): void => {
    if (found.has(job.key)) return;
    for (const before of job.after) visit(before);
    found.set(job.key, job);
  };
  for (const job of jobs) visit(job);
  return [...found.values()];
}
