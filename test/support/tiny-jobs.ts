/** Stages as jobs on a few drawn pictures, and what the tests of each ask of it. */
import { expect } from "vitest";
import { JobStore } from "../../src/jobs/job-store.ts";
import { runJobs } from "../../src/jobs/run-jobs.ts";
import type { StageJob } from "../../src/jobs/stage-jobs/index.ts";
import type { TrainConfig } from "../../src/record/index.ts";
import { quietContext, type StageContext } from "../../src/stages/index.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { tinyTraining } from "./tiny-runs.ts";

/** One epoch. */
export const shortTraining: TrainConfig = {
  ...tinyTraining,
  recipe: { ...tinyTraining.recipe, epochs: 1 },
  rewindEpoch: 0,
};

/** Does the jobs and all before them; fails the test where one fails. */
export async function doJobs(
  jobs: readonly StageJob[],
  store = new JobStore(temporaryFolder(), 60),
  context: StageContext = quietContext(),
): Promise<JobStore> {
  const { failed } = await runJobs(jobs, store, context);
  expect(failed.map(({ job, failure }) => `${job.title}: ${failure.message}`)).toEqual([]);
  return store;
}

/** That each of `others` is another job than the first, and than each other. */
export function expectDistinct(first: StageJob, others: readonly StageJob[]): void {
  expect(others.length).toBeGreaterThan(0);
  expect(new Set([first, ...others].map(({ key }) => key)).size).toBe(others.length + 1);
}
