/** The training loop, its checkpoints, and prediction. */
export { CheckpointFile, type CheckpointState, type FitSummary, type Position } from "./checkpoint.ts";
export { Interrupted } from "./interrupted.ts";
export { expectFiniteLoss, expectFiniteState, lowerRate } from "./finite.ts";
export { predict, type Prediction, type PredictOptions, score, type Score } from "./predict.ts";
export type { FitOptions, Progress, StepContext, TrainerOptions } from "./options.ts";
export { type Sharpness, sharpnessAware } from "./sharpness-aware.ts";
export { type StepOptions, stepSeconds, type TimedModel } from "./step-seconds.ts";
export { Trainer } from "./trainer.ts";
