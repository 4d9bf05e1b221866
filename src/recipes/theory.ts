/** Proposition 2 at a scale of two cores: a small network, a thousand images, three optimisers, six sparsities. */
import type { TheorySpec } from "../experiments/index.ts";
import { scaleOf } from "./scale.ts";

/** @param seeds how many originals for each optimiser */
export function quickTheory(seeds: number): TheorySpec {
  const { train } = scaleOf("quick");
  return {
    name: "Unlearning error over sparsity, quick",
    train: {
      ...train,
      data: { ...train.data, numTrain: 1000, numTest: 500 },
      recipe: { ...train.recipe, epochs: 20, batchSize: 50, schedule: "constant", milestones: [], weightDecay: 0 },
      rewindEpoch: 0,
    },
    optimizers: [
      { name: "SGD", recipe: { optimizer: "sgd", momentum: 0, lr: 0.1 } },
      { name: "momentum", recipe: { optimizer: "sgd", momentum: 0.9, lr: 0.01 } },
      { name: "Adam", recipe: { optimizer: "adam", lr: 1e-3 } },
    ],
    sparsities: [0, 0.5, 0.75, 0.9, 0.95, 0.99],
    seeds: Array.from({ length: seeds }, (_, i) => i + 1),
    request: { kind: "random", fraction: 0.1 },
    ascent: { epochs: 1, lr: 1e-3 },
    hessianImages: 200,
  };
}
