/** The verbs of the product: train, prune, forget, evaluate, detect, cleanse, poison, transfer, resume; and the run folders they leave. */
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
  defaultSharding,
} from "./config.ts";
export { type Cleansed, cleanseStage, prepareCleanse, type Suspects } from "./cleanse.ts";
export { readCleanse } from "./beside-model.ts";
export { DataContext } from "./data-context.ts";
export { type DetectConfig, type Detected, detectStage } from "./detect.ts";
export { coppiceVersion } from "./environment.ts";
export { type EvaluateConfig, evaluateStage } from "./evaluate.ts";
export { sayOfForget } from "./say-of-data.ts";
export { type ForgetSetSummary, forgetSetOf } from "./forget-set-summary.ts";
export { forgetStage, prepareForget } from "./forget.ts";
export { type IdsFile, type IdStanding, type Standing, standingsOf } from "./forgotten.ts";
export { type FinishedRun, OpenModel, openModel, type OpenModelOptions } from "./open-model.ts";
export {
  checkApart,
  checkJobsFolder,
  checkOutputFile,
  checkOutsideRuns,
  checkResultsFolder,
  jobsFolderNames,
} from "./output.ts";
export { recipeOf } from "./parent.ts";
export { type PoisonConfig, poisonStage, readPoison } from "./poison.ts";
export { type PrunePlan, prunePlan } from "./prune-plan.ts";
export { pruneStage } from "./prune.ts";
export { defaultRewindEpoch } from "./recipe.ts";
export { type ReportRecords, reportRecords } from "./report-records.ts";
export { resumeStage } from "./resume.ts";
export { RunFolder } from "./run-folder.ts";
export { quietContext, type StageContext } from "./stage.ts";
export { trainStage } from "./train.ts";
export { type Probe, probes, type TransferConfig, transferRecipe } from "./transfer/transfer-config.ts";
export { transferStage } from "./transfer/transfer.ts";
