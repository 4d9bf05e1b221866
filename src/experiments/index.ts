/** Grids of stages, the theory, transfer and backdoors as experiments. */
export { type CleanseComparisonSpec, runCleanseComparison } from "./backdoor/cleanse-comparison.ts";
export {
  type BackdoorOptions,
  type BackdoorSpec,
  type CleanseWay,
  planBackdoorExperiment,
  runBackdoorExperiment,
} from "./backdoor/backdoor-experiment.ts";
export { Experiment, type ExperimentOptions } from "./grid/experiment.ts";
export { checkGridShape } from "./grid/grid-shape.ts";
export type { GridModel, GridRow, GridScenario, GridSpec, GridTest } from "./grid/spec.ts";
export { runTheory, type TheorySpec } from "./theory/theory.ts";
export { runTransfer } from "./transfer/run-transfer.ts";
export type { TransferSpec } from "./transfer/transfer-spec.ts";
