/** The demo: small enough for two cores and a few minutes, with an original that has fitted its images. */
import type { SuiteSpec } from "../experiments/index.ts";

const seed = 1;

/** @param data both are known to be on the machine */
export function demo(data: "fashion-mnist" | "embedded"): SuiteSpec {
  const rows = [
    { method: "finetune", order: "dense", options: { epochs: 5, lr: 0.02 } },
    { method: "l1-sparse", order: "dense", options: { epochs: 5, lr: 0.02, gamma: 2e-3 } },
    { method: "finetune", order: "prune-first", options: { epochs: 5, lr: 0.02 } },
  ] as const;
  return {
    name: "Coppice demo",
    train: {
      data: { name: data, allowUnverified: false, numTrain: 1000, numTest: 1000 },
      split: { mode: "standard", validationFraction: 0 },
      arch: "resnet20s",
      stem: "cifar",
      recipe: {
        epochs: 16,
        batchSize: 32,
        optimizer: "sgd",
        lr: 0.05,
        momentum: 0.9,
        weightDecay: 5e-4,
        nesterov: false,
        schedule: "multistep",
        milestones: [0.5, 0.75],
        warmupEpochs: 0,
        augment: false,
      },
      rewindEpoch: 2,
      seed,
      device: "cpu",
    },
    sparsity: 0.95,
    scenarios: [
      {
        name: "class",
        title: "Class-wise forgetting",
        description: "All images of class 0 are forgotten; the class leaves the test set too.",
        request: { kind: "class", classes: [0] },
        rows,
      },
      {
        name: "random",
        title: "Random forgetting",
        description: "A random tenth of the training images is forgotten.",
        request: { kind: "random", fraction: 0.1 },
        rows,
      },
    ],
    notes: [
      "One seed, a small network and few images: the run shows how the measurements work, not how the methods rank.",
    ],
  };
}
