/** Real runs on a few drawn pictures, each a second or less. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { ForgetConfig, PruneConfig, TrainConfig } from "../../src/record/index.ts";
import { pruneStage, quietContext, trainStage } from "../../src/stages/index.ts";
import "./one-thread.ts";

const device = "cpu";

export const tinyData = {
  name: "embedded",
  allowUnverified: false,
  numTrain: 40,
  numTest: 20,
  classes: [0, 1, 2, 3],
} as const;

export const tinyTraining: TrainConfig = {
  data: tinyData,
  split: { mode: "standard", validationFraction: 0.2 },
  arch: "resnet20s",
  stem: "cifar",
  recipe: {
    epochs: 2,
    batchSize: 16,
    optimizer: "sgd",
    lr: 0.05,
    momentum: 0.9,
    weightDecay: 5e-4,
    nesterov: false,
    schedule: "cosine",
    milestones: [],
    warmupEpochs: 0,
    augment: false,
  },
  rewindEpoch: 1,
  seed: 1,
  device,
};

export function tinyPruning(model: string): PruneConfig {
  return { model, pruner: "omp", sparsity: 0.5, data: { allowUnverified: false }, seed: 1, engine: "dense", device };
}

export function tinyForgetting(model: string): ForgetConfig {
  return {
    model,
    request: { kind: "class", classes: [3] },
    method: "finetune",
    options: { epochs: 1 },
    batchSize: 16,
    data: { allowUnverified: false },
    seed: 1,
    engine: "dense",
    device,
  };
}

/** A folder for the runs of a test file, removed when all of its tests are over. */
export function folderOfRuns(): string {
  const folder = mkdtempSync(join(tmpdir(), "coppice-runs-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Trains an original in `path`. */
export async function trainTiny(path: string, changes: Partial<TrainConfig> = {}): Promise<string> {
  await trainStage({ ...tinyTraining, ...changes }, path, quietContext());
  return path;
}

/** Prunes the original in `model` into `path`. */
export async function pruneTiny(model: string, path: string): Promise<string> {
  await pruneStage(tinyPruning(model), path, quietContext());
  return path;
}
