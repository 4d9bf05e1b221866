/**
 * The stages as jobs, so that experiments share what they have in common and nothing is done twice. Jobs know stages here, and elsewhere only
 * their types.
 */
export { type EvaluationParts, evaluateJob } from "./evaluate-job.ts";
export { cleanseJob, forgetJob } from "./forget-jobs.ts";
export { givenListJob, givenRunJob } from "./given-job.ts";
export { pruneJob } from "./prune-job.ts";
export type { StageJob } from "./stage-job.ts";
export { detectedFile, detectJob, poisonJob, suspectsJob } from "./suspect-jobs.ts";
export { trainJob, trojanedJob } from "./train-job.ts";
export { transferJob } from "./transfer-job.ts";
