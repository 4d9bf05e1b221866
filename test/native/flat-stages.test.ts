/** A stage that is done again in the same process holds no more than the first time, and leaves nothing behind. */
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { poisonStage } from "../../src/stages/poison.ts";
import { transferRecipe } from "../../src/stages/transfer/transfer-config.ts";
import { transferStage } from "../../src/stages/transfer/transfer.ts";
import {
  cleanseStage,
  DataContext,
  detectStage,
  evaluateStage,
  forgetStage,
  pruneStage,
  quietContext,
  trainStage,
} from "../../src/stages/index.ts";
import { poisonDefaults } from "../../src/record/index.ts";
import { folderOfRuns, tinyData, tinyForgetting, tinyPruning, tinyTraining, trainTiny } from "../support/tiny-runs.ts";
import { heldBy } from "../support/watched-memory.ts";

const runs = folderOfRuns();
const at = (name: string): string => join(runs, name);
const [original, forgotten] = [at("original"), at("forgotten")];
const context = quietContext({ data: new DataContext(), force: true });
const common = { data: { allowUnverified: false }, seed: 1, device: "cpu" };
const forgetting = tinyForgetting(original);
const recipe = { ...transferRecipe, epochs: 1, batchSize: 16 };
const transfer = { model: original, ...common, data: tinyData, recipe, validationFraction: 0 };
const detection = { model: original, detector: "spectral-signatures", options: { share: 0.25 }, ...common };
const random = { kind: "random", count: 3 } as const;

const stages: Readonly<Record<string, () => Promise<unknown>>> = {
  training: () => trainStage(tinyTraining, at("train"), context),
  "training in shards": () =>
    trainStage({ ...tinyTraining, sharding: { shards: 2, slices: 1 } }, at("shards"), context),
  pruning: () => pruneStage(tinyPruning(original), at("prune"), context),
  "pruning in steps": () =>
    pruneStage({ ...tinyPruning(original), pruner: "synflow", epochs: 0 }, at("steps"), context),
  "pruning in rounds": () => pruneStage({ ...tinyPruning(original), pruner: "imp", epochs: 0 }, at("rounds"), context),
  forgetting: () => forgetStage(forgetting, at("forget"), context),
  "forgetting by an ensemble": () =>
    forgetStage({ ...forgetting, method: "sisa", options: { shards: 2, slices: 1 } }, at("sisa"), context),
  evaluation: () => evaluateStage({ model: forgotten, data: common.data, device: "cpu" }, context),
  detection: () => detectStage(detection, at("suspects.csv"), context),
  cleansing: () => cleanseStage({ ...forgetting, request: random }, at("cleanse"), context),
  "transfer of all": () => transferStage({ ...transfer, probe: "full" }, at("full"), context),
  "transfer of the head": () => transferStage({ ...transfer, probe: "linear" }, at("linear"), context),
  poisoning: () =>
    poisonStage(
      { ...poisonDefaults, data: tinyData, request: { ...poisonDefaults.request, target: 1 } },
      at("poison"),
      context,
    ),
};

beforeAll(async () => {
  await trainTiny(original);
  await forgetStage(forgetting, forgotten, context);
});

it.each(Object.entries(stages))("holds no more the second time, and leaves nothing: %s", async (_, stage) => {
  const first = await heldBy(stage);
  const second = await heldBy(stage);
  expect(second.handles).toBeLessThanOrEqual(first.handles);
  expect(second.pinned).toBeLessThanOrEqual(first.pinned);
  expect(second.left).toBe(0);
});
