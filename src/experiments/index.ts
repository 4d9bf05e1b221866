/** Stages: train, prune, forget, evaluate, resume; and what they leave behind. */
export {
  type DataConfig,
  type ForgetConfig,
  optimizerNames,
  type PruneConfig,
  rewinds,
  type RecipeConfig,
  scheduleNames,
  type SplitConfig,
  type TrainConfig,
  usualSharding,
} from "./config.ts";
export { type Cleansed, cleanseStage, prepareCleanse, type Suspects } from "./cleanse-stage.ts";
export { type CleanseSeriesSpec, runCleanseSeries } from "./grid/cleanse-series.ts";
export { DataContext } from "./data-context.ts";
export { type DetectConfig, type Detected, detectStage } from "./detect-stage.ts";
export { coppiceVersion } from "./environment.ts";
export {
  type CleansingOptions,
  type CleansingSpec,
  type CleansingWay,
  planCleansing,
  runCleansing,
} from "./grid/cleansing.ts";
export { type EvaluateConfig, evaluateStage } from "./evaluate-stage.ts";
export { forgetStage } from "./forget-stage.ts";
export { type PoisonConfig, poisonStage, readPoison } from "./poison-stage.ts";
export { type PrunePlan, prunePlan } from "./prune-plan.ts";
export { pruneStage } from "./prune-stage.ts";
export { Experiment, type ExperimentOptions } from "./grid/experiment.ts";
export { checkGridShape } from "./grid/grid-shape.ts";
export type { PlanLine } from "./grid/plan.ts";
export type { JobsContext, JobsStatus } from "./grid/run-jobs.ts";
export type { GridModel, GridRow, GridScenario, GridSpec, GridTest } from "./grid/spec.ts";
export { defaultRewindEpoch } from "./recipe.ts";
export { type ReportRecords, reportRecords } from "./report-stage.ts";
export { resumeStage } from "./resume.ts";
export { RunFolder } from "./run-folder.ts";
export { runSuite, type SuiteRow, type SuiteScenario, type SuiteSpec } from "./suite.ts";
export { quietContext, type StageContext } from "./stage.ts";
export { runTheory, type TheorySpec } from "./theory.ts";
export { defaultWithhold, type TuneConfig } from "./tune/config.ts";
export { type PreparedTune, prepareTune } from "./tune/prepare.ts";
export { lookedAt } from "./tune/record.ts";
export { runTune, type TuneContext } from "./tune/tune.ts";
export { trainStage } from "./train-stage.ts";
export { type Probe, probes, type TransferConfig, transferRecipe } from "./transfer/transfer-config.ts";
export { runTransfer } from "./transfer/run-transfer.ts";
export type { TransferSpec } from "./transfer/transfer-spec.ts";
export { transferStage } from "./transfer/transfer-stage.ts";
