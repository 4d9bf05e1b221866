/** A complete configuration of each stage, as small as it can be. */
import {
  type DetectConfig,
  type EvaluateConfig,
  type ForgetConfig,
  type PoisonConfig,
  poisonDefaults,
  type PruneConfig,
  type TrainConfig,
  trainDefaults,
  type TransferConfig,
  transferDefaults,
} from "../../src/record/index.ts";

const files = { allowUnverified: false };

export const trainConfig: TrainConfig = { ...trainDefaults, rewindEpoch: 8 };
export const pruneConfig: PruneConfig = {
  model: "runs/original",
  pruner: "omp",
  sparsity: 0.9,
  data: files,
  seed: 1,
  device: "cpu",
};
export const forgetConfig: ForgetConfig = {
  model: "runs/original",
  request: { kind: "class", classes: [3] },
  method: "l1-sparse",
  options: { epochs: 5 },
  batchSize: 64,
  data: files,
  seed: 1,
  device: "cpu",
};
export const evaluateConfig: EvaluateConfig = { model: "runs/forgotten", data: files, device: "cpu" };
export const detectConfig: DetectConfig = {
  model: "runs/trojaned",
  detector: "strip",
  options: {},
  data: files,
  seed: 1,
  device: "cpu",
};
export const poisonConfig: PoisonConfig = poisonDefaults;
export const transferConfig: TransferConfig = {
  ...transferDefaults,
  model: "runs/original",
  data: trainDefaults.data,
  seed: 1,
};
