/**
 * Coppice as a library: train, prune, forget, evaluate, with the defaults of the command line; definitions of your own; metrics on anyone's logits.
 * The subpaths `coppice/torch`, `/nn`, `/optim`, `/data`, `/models`, `/prune`, `/unlearn`, `/detect`, `/evaluate`, `/record` and `/report` have
 * what lies below.
 */
export { DataContext } from "./stages/index.ts";
export { type IdsFile, type IdStanding, type OpenModel, type OpenModelOptions } from "./stages/index.ts";
export {
  type DataFilesOptions,
  type DataOptions,
  evaluate,
  type EvaluateOptions,
  forget,
  type ForgetOptions,
  type ForgetSelection,
  forgotten,
  loadPlugin,
  openModel,
  prune,
  type PruneOptions,
  report,
  type ReportOptions,
  resume,
  type Run,
  type RunReference,
  type CallOptions,
  train,
  type TrainOptions,
} from "./library/index.ts";
export { type DatasetDefinition, defineDataset, inMemoryDataset, type InMemoryImages } from "./data/index.ts";
export { defineDetector, type Detector } from "./detect/index.ts";
export { type Architecture, defineArchitecture, type ModelSpec } from "./models/index.ts";
export { definePruner, type Pruner } from "./prune/index.ts";
export { defineMethod, type Method, type MethodChoice, type MethodContext } from "./unlearn/index.ts";
export {
  type Evaluation,
  evaluateLogits,
  membershipAttack,
  type MembershipAttackInput,
  type PredictionInput,
} from "./evaluate/index.ts";
export type { EvaluationRecord, Metric, MetricLine, PluginRecord, RunRecord } from "./record/index.ts";
export { Interrupted, type Progress } from "./train/index.ts";
export { CoppiceError, type ErrorCode } from "./util/errors.ts";
