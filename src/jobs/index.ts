/** Jobs that many processes share. */
export type { PlanLine } from "./plan.ts";
export type { JobsContext, JobsStatus } from "./run-jobs.ts";
