/** The library: the verbs of the command line with its defaults, and definitions of your own. */
export { loadConfigFile } from "./config-file.ts";
export { evaluate, evaluateConfig, type EvaluateOptions } from "./evaluate.ts";
export { forget, forgetConfig, type ForgetOptions } from "./forget.ts";
export { type ForgetSelection, requestOf } from "./forget-selection.ts";
export { forgotten } from "./forgotten.ts";
export { importFile, loadPlugin } from "./load-plugin.ts";
export { openModel } from "./open-model.ts";
export { prune, pruneConfig, type PruneOptions } from "./prune.ts";
export { report, type ReportOptions } from "./report.ts";
export { resume } from "./resume.ts";
export { type Run, type RunReference, type CallOptions } from "./run.ts";
export { dataFiles, type DataFilesOptions, type DataOptions, train, trainConfig, type TrainOptions } from "./train.ts";
