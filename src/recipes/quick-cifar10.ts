/** The main table on real CIFAR-10 in about an hour on two cores: ResNet-20s, a subset, few epochs, one seed. */
import type { SuiteSpec } from "../experiments/index.ts";

const seed = 1;

export function quickCifar10(): SuiteSpec {
  const rows = (["dense", "prune-first"] as const).flatMap((order) => [
    { method: "finetune", order, options: { epochs: 10, lr: 0.01 } },
    { method: "gradient-ascent", order, options: { epochs: 5, lr: 1e-3 } },
    { method: "l1-sparse", order, options: { epochs: 10, lr: 0.01, gamma: 5e-4 } },
  ]);
  return {
    name: "Quick CIFAR-10",
    train: {
      data: { name: "cifar10", allowUnverified: false, numTrain: 2500, numTest: 2000 },
      split: { mode: "standard", validationFraction: 0 },
      arch: "resnet20s",
      stem: "cifar",
      recipe: {
        epochs: 40,
        batchSize: 128,
        optimizer: "sgd",
        lr: 0.1,
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
        description: "All images of class 0 (airplane) are forgotten; the class leaves the test set too.",
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
      "One seed, ResNet-20s, the first 2,500 training and 2,000 test images, no augmentation, so that 40 epochs fit the training images; the paper: ResNet-18, 45,000 images, 182 epochs, ten seeds.",
    ],
  };
}
