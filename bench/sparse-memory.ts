/** Peak memory of training with live weights only against dense PyTorch. */
import { compareMemory } from "./dense.ts";
import type { Benchmark } from "./result.ts";
import { trainedModel } from "./trained.ts";

const steps = 10;

export const sparseMemory: readonly Benchmark[] = (["uniform", "global"] as const).map((allocation) => ({
  name: `sparse-memory-${allocation}95-b64`,
  unit: "ratio",
  measures: `our peak memory over dense PyTorch's for training steps of a ResNet-18 that is 95 % sparse (${allocation}), batch 64, in a new process: below 1 is less than PyTorch`,
  better: "lower",
  target: "at most 1",
  meets: ({ value }) => value <= 1,
  run: () => {
    const model = allocation === "global" ? { model: trainedModel() } : {};
    return compareMemory(steps, { pruning: { allocation, sparsity: 0.95, ...model } });
  },
}));
