/** Coppice as a library: stages, and the layers below them. */
export * from "./stages/index.ts";
export * from "./tune/index.ts";
export * from "./experiments/index.ts";
export type { PlanLine, JobsContext, JobsStatus } from "./jobs/index.ts";
export type {
  CleanseRecord,
  EvaluationRecord,
  ExperimentRecord,
  Metric,
  MetricLine,
  PoisonRecord,
  PoisonSettings,
  RunRecord,
} from "./record/index.ts";
export {
  cleanseVerdict,
  renderCleanseReport,
  renderExperimentReport,
  renderRunReport,
  renderScores,
  verdictOf,
} from "./report/index.ts";
export {
  type Attack,
  attacks,
  poisonDataset,
  type PoisonRequest,
  poisonTruth,
  resolvePoison,
  triggeredTest,
} from "./data/poison/index.ts";
export { defineDetector, type Detector, detectors } from "./detect/index.ts";
export { createModel, type Model, models, type ModelSpec } from "./models/index.ts";
export { Mask, pruners } from "./prune/index.ts";
export { defineMethod, type Method, methods } from "./unlearn/index.ts";
export { CoppiceError, type ErrorCode } from "./util/errors.ts";
