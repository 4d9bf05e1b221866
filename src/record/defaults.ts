/** What holds where nothing is said: one table for the command line and the library. What is left out here follows from the model or the data. */
import type { EvaluateConfig } from "./evaluate-config.ts";
import type { ForgetConfig } from "./forget-config.ts";
import type { PoisonConfig } from "./poison-config.ts";
import type { PruneConfig } from "./prune-config.ts";
import type { TrainConfig } from "./train-config.ts";
import type { TransferConfig } from "./transfer-config.ts";

const seed = 1;
const device = "cpu";
const dataSet = { name: "fashion-mnist", allowUnverified: false } as const;
const files = { allowUnverified: false } as const;
const split = { mode: "standard", validationFraction: 0.1 } as const;
const engine = { engine: "auto", precision: "float32" } as const;

/** Of an ensemble whose shards and slices nobody names. */
export const defaultSharding = { shards: 5, slices: 4 } as const;

/** `rewindEpoch` follows from the epochs. */
export const trainDefaults = {
  data: dataSet,
  split,
  arch: "resnet18",
  stem: "cifar",
  recipe: {
    epochs: 182,
    batchSize: 256,
    optimizer: "sgd",
    lr: 0.1,
    momentum: 0.9,
    weightDecay: 5e-4,
    nesterov: false,
    schedule: "multistep",
    milestones: [0.5, 0.75],
    warmupEpochs: 0,
    augment: true,
  },
  seed,
  device,
} as const satisfies Partial<TrainConfig>;

export const pruneDefaults = {
  pruner: "omp",
  sparsity: 0.95,
  allocation: "global",
  layers: "conv",
  keepConnected: false,
  data: files,
  seed,
  ...engine,
  device,
} as const satisfies Partial<PruneConfig>;

/** Batch size and seed are the original's. */
export const forgetDefaults = {
  method: "l1-sparse",
  options: {},
  data: files,
  ...engine,
  device,
} as const satisfies Partial<ForgetConfig>;

export const evaluateDefaults = { data: files, engine: "auto", device } as const satisfies Partial<EvaluateConfig>;

export const poisonDefaults = {
  data: dataSet,
  request: { attack: "badnets", options: {}, target: "0", ratio: 0.1, seed, split: { ...split, seed } },
} as const satisfies PoisonConfig;

/**
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, transfer learning with source classes removed
 * Reference  OPTML-Group/Unlearn-Sparse, its pull request 17 of 2026, `main.py transfer`: Adam, rate 1e-4, no weight decay, 200 epochs, cosine, batch 256
 */
export const transferDefaults = {
  probe: "linear",
  recipe: {
    epochs: 200,
    batchSize: 256,
    optimizer: "adam",
    lr: 1e-4,
    momentum: 0,
    weightDecay: 0,
    nesterov: false,
    schedule: "cosine",
    milestones: [],
    warmupEpochs: 0,
    augment: false,
  },
  validationFraction: 0,
  device,
} as const satisfies Partial<TransferConfig>;
