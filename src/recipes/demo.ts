/** The demo: small enough for two cores and two minutes, with an original that has fitted its images. */
import type { GridSpec } from "../experiments/index.ts";
import { dense, omp } from "./scale.ts";

/** @param data both are known to be on the machine */
export function demo(data: "fashion-mnist" | "embedded"): GridSpec {
  return {
    name: "demo",
    title: "Coppice demo",
    preset: "quick",
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
      seed: 1,
      device: "cpu",
    },
    models: [dense, { ...omp(0.95), label: "95 % pruned" }],
    scenarios: [
      {
        id: "class",
        title: "Class-wise forgetting",
        description: "All images of class 0 are forgotten; the class leaves the test set too.",
        request: { kind: "class", classes: [0] },
      },
      {
        id: "random",
        title: "Random forgetting",
        description: "A random tenth of the training images is forgotten.",
        request: { kind: "random", fraction: 0.1 },
      },
    ],
    rows: [
      { method: "finetune", label: "FT", options: { epochs: 5, lr: 0.02 } },
      { method: "l1-sparse", label: "l1-sparse", options: { epochs: 5, lr: 0.02, gamma: 2e-3 }, models: [dense.id] },
    ],
    seeds: [1],
    tests: [],
    findings: [],
    figures: ["method-bars", "radar", "samples"],
    notes: [
      ...(data === "embedded" ? ["The images are drawn by the program, and say little about photographs."] : []),
      "A small network and few images: the run shows how the measurements work, not how the methods rank.",
    ],
  };
}
