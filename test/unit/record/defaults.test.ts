import { expect, it } from "vitest";
import type { z } from "zod";
import {
  checkConfig,
  defaultSharding,
  evaluateConfigSchema,
  evaluateDefaults,
  forgetConfigSchema,
  forgetDefaults,
  poisonConfigSchema,
  poisonDefaults,
  pruneConfigSchema,
  pruneDefaults,
  trainConfigSchema,
  trainDefaults,
  transferConfigSchema,
  transferDefaults,
} from "../../../src/record/index.ts";

it("are settings, all but what follows from the model, the data or the caller", () => {
  const model = "runs/a";
  const complete: [z.ZodType, object][] = [
    [trainConfigSchema, { ...trainDefaults, rewindEpoch: 8, sharding: defaultSharding }],
    [pruneConfigSchema, { ...pruneDefaults, model }],
    [forgetConfigSchema, { ...forgetDefaults, model, request: { kind: "none" }, batchSize: 1, seed: 1 }],
    [evaluateConfigSchema, { ...evaluateDefaults, model }],
    [poisonConfigSchema, poisonDefaults],
    [transferConfigSchema, { ...transferDefaults, model, data: trainDefaults.data, seed: 1 }],
  ];
  for (const [schema, config] of complete) expect(checkConfig(schema, config)).toBe(config);
});

it("are the published training: 182 epochs of SGD at 0.1, divided by ten at one half and three quarters", () => {
  expect(trainDefaults.recipe).toEqual({
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
  });
  expect([trainDefaults.arch, trainDefaults.stem, trainDefaults.seed]).toEqual(["resnet18", "cifar", 1]);
  expect([pruneDefaults.pruner, pruneDefaults.sparsity, forgetDefaults.method]).toEqual(["omp", 0.95, "l1-sparse"]);
});
