/** A grid of a few stages on a few of the embedded images: done in seconds. */
import type { GridSpec } from "../../../../src/experiments/grid/spec.ts";

export function tinyGrid(changes: Partial<GridSpec> = {}): GridSpec {
  return {
    name: "tiny",
    title: "Tiny",
    preset: "quick",
    train: {
      data: { name: "embedded", allowUnverified: false, numTrain: 60, numTest: 20 },
      split: { mode: "standard", validationFraction: 0 },
      arch: "resnet20s",
      stem: "cifar",
      recipe: {
        epochs: 2,
        batchSize: 20,
        optimizer: "sgd",
        lr: 0.05,
        momentum: 0.9,
        weightDecay: 5e-4,
        nesterov: false,
        schedule: "multistep",
        milestones: [0.5],
        warmupEpochs: 0,
        augment: false,
      },
      rewindEpoch: 1,
      seed: 1,
      device: "cpu",
    },
    engine: "dense",
    models: [
      { id: "dense", label: "dense" },
      { id: "omp9", label: "OMP 90 %", prune: { pruner: "omp", sparsity: 0.9 } },
    ],
    scenarios: [
      {
        id: "random",
        title: "Random forgetting",
        description: "A random tenth of the training images is forgotten.",
        request: { kind: "random", fraction: 0.1 },
      },
    ],
    rows: [{ method: "finetune", label: "FT", options: { epochs: 1, lr: 0.01 } }],
    seeds: [1],
    tests: [{ score: "disparity", first: { label: "FT", model: "omp9" }, second: { label: "FT", model: "dense" } }],
    findings: [],
    figures: ["method-bars"],
    notes: [],
    ...changes,
  };
}
