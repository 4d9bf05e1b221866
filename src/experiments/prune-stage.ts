/** Prunes a trained model: mask from its weights, back to an early epoch's weights and rate, and on under the mask. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { resolve } from "node:path";
import { engage, positionsByName } from "../sparse/index.ts";
import { someOfEachClass } from "../data/index.ts";
import {
  type Allocation,
  allocationNamed,
  type AllocationRequest,
  type Mask,
  maskBy,
  type Pruner,
  type PrunerContext,
  prunerNamed,
} from "../prune/index.ts";
import type { Model } from "../models/index.ts";
import type { RunRecord } from "../record/index.ts";
import { splitReference, writeSplit } from "../record/split.ts";
import { checkDevice, Generator } from "../torch/index.ts";
import { expectChoice, expectInteger, expectPositive, expectRange } from "../util/assert.ts";
import { deriveSeed } from "../util/seed.ts";
import { CoppiceError } from "../util/errors.ts";
import { type PruneConfig, type Rewind, rewinds } from "./config.ts";
import { dataRecord, part } from "./data-context.ts";
import { checkEngine, chosenEngine, engineRecord } from "./engine.ts";
import { environmentRecord } from "./environment.ts";
import { freshModel, loadModel, maskRecord, modelRecord, specOf } from "./model-file.ts";
import { openParent, type Parent, parentRecord } from "./parent.ts";
import { fromEpoch, makeOptimizer, makeSchedule } from "./recipe.ts";
import { RunFolder } from "./run-folder.ts";
import { makeTrainer, now, type Outcome, runStage, type StageContext } from "./stage.ts";

/**
 * Prunes the run `config.model` into the run folder `out`. By default training goes on from the rewind epoch to where the
 * original's ended, so that dense and sparse model have the same epochs at the same rates behind them.
 * Source: Jia et al., NeurIPS 2023; the reference code trains the full number of epochs once more after rewinding: `epochs`.
 */
export async function pruneStage(config: PruneConfig, out: string, context: StageContext): Promise<RunRecord> {
  checkPruneConfig(config);
  checkBudget(config);
  RunFolder.checkFree(out, context.force === true);
  const parent = await openParent(config.model, config, context);
  checkPrunable(parent);
  using folder = RunFolder.create(out, context.force === true);
  const split = parent.folder.readSplit();
  writeSplit(folder.file("split"), split);
  const { loaded, original } = parent;
  const record: RunRecord = {
    format: "coppice-run",
    version: 1,
    kind: "prune",
    name: folder.name,
    status: "running",
    startedAt: now(),
    resumedAt: [],
    command: [...context.command],
    config: { ...config, model: resolve(config.model), original },
    seed: config.seed,
    model: parent.record.model,
    data: dataRecord(loaded),
    split: { ...splitReference(split, loaded.dataset.classNames), baseHash: split.baseHash },
    parent: parentRecord(parent, out),
    environment: environmentRecord(config.device),
  };
  return await pruneBody(folder, record, parent, context);
}

/** Goes on with an interrupted pruning. */
export async function resumePrune(folder: RunFolder, context: StageContext): Promise<RunRecord> {
  const record = folder.readRecord();
  const config = record.config as unknown as PruneConfig;
  const parent = await openParent(config.model, config, context);
  const resumed: RunRecord = { ...record, status: "running", resumedAt: [...record.resumedAt, now()] };
  return await pruneBody(folder, resumed, parent, context);
}

async function pruneBody(
  folder: RunFolder,
  record: RunRecord,
  parent: Parent,
  context: StageContext,
): Promise<RunRecord> {
  const config = record.config as unknown as PruneConfig;
  const { original, loaded } = parent;
  const { recipe, rewindEpoch } = original;
  using dense = freshModel(specOf(record.model, loaded.dataset), config.seed, config.device);
  const allocation = allocationNamed(config.allocation ?? "global");
  const pruner = prunerNamed(config.pruner);
  const mask = maskFor(pruner, allocation, { dense, config, parent, context });
  const engine = await chosenEngine(record, config, { model: dense, mask }, context);
  const withMask = {
    ...record,
    ...maskRecord(mask, allocation.name),
    ...engineRecord(engine),
    model: modelRecord(dense),
  };
  const rewind = config.rewind ?? (pruner.weights === "initial" ? "initial" : "epoch");
  setWeights(dense, rewind, parent);
  const engaged = engage(engine, dense, mask);
  using model = engaged.model;
  return await runStage(folder, withMask, async (): Promise<Outcome> => {
    engaged.mask?.apply(model);
    const split = folder.readSplit();
    const trainedOn = part(loaded, split, "train");
    const validation = split.indices.validation.length === 0 ? null : part(loaded, split, "validation");
    const { seed, device } = config;
    const { batchSize, augment } = recipe;
    const trainer = makeTrainer({ folder, context, ...engaged, seed, device, batchSize, augment, validation });
    const from = rewind === "epoch" ? rewindEpoch : 0;
    const epochs = config.epochs ?? recipe.epochs - from;
    const schedule = fromEpoch(makeSchedule(recipe), from);
    await trainer.fit(trainedOn, { epochs, optimizer: makeOptimizer(model.namedParameters(), recipe), schedule });
    return { model, mask, trainer, trainedOn, validation };
  });
}

interface Pruning {
  readonly dense: Model;
  readonly config: PruneConfig;
  readonly parent: Parent;
  readonly context: StageContext;
}

function maskFor(pruner: Pruner, allocation: Allocation, { dense, config, parent, context }: Pruning): Mask {
  const request = allocationRequest(config, dense);
  const mask = maskBy(pruner, prunerContext(pruner, dense, config, parent), { allocation, request }, (step, steps) => {
    if (steps > 1 && step % 10 === 0) context.log(`${pruner.title}: step ${step + 1} of ${steps}`);
  });
  context.log(`${mask.nonzero} of ${mask.layers.reduce((sum, { numel }) => sum + numel, 0)} convolution weights stay`);
  for (const { name, nonzero } of mask.layers) {
    if (nonzero === 0)
      context.log(`${name} keeps no weight: nothing passes but the shortcut beside it, where there is one`);
  }
  return mask;
}

/** What the pruner may look at, with the weights it asks for in `dense`. */
export function prunerContext(pruner: Pruner, dense: Model, { seed }: PruneConfig, parent: Parent): PrunerContext {
  setWeights(dense, pruner.weights === "initial" ? "initial" : "final", parent);
  const generator = Generator.seeded(deriveSeed(seed, "prune"));
  const training = part(parent.loaded, parent.folder.readSplit(), "train");
  return { model: dense, images: (perClass) => someOfEachClass(training, perClass, generator), generator };
}

/** The original's weights as they were at some time. */
function setWeights(model: Model, at: Rewind, { folder, record }: Parent): void {
  if (at === "initial") {
    using initial = freshModel(model.spec, record.seed, "cpu");
    model.loadStateDict(initial.stateDict());
  } else loadModel(folder.file(at === "final" ? "model" : "rewind"), model);
}

/** What the allocation needs to know of the config and the model. */
export function allocationRequest({ sparsity, flops }: PruneConfig, model: Model): AllocationRequest {
  return { sparsity, flops: flops ?? Math.min(1, 2 * (1 - sparsity)), positions: positionsByName(model) };
}

export function checkPruneConfig(config: PruneConfig): void {
  prunerNamed(config.pruner);
  allocationNamed(config.allocation ?? "global");
  if (config.flops !== undefined) {
    expectPositive("flops", config.flops);
    expectRange("flops", config.flops, 0, 1);
  }
  if (config.rewind !== undefined) expectChoice("rewind", config.rewind, rewinds);
  checkEngine(config, true, config.device);
  checkDevice(config.device);
  expectRange("sparsity", config.sparsity, 0, 1, true);
  expectInteger("seed", config.seed, { min: 0 });
  if (config.epochs !== undefined) expectInteger("epochs", config.epochs, { min: 0 });
}

/** A plan shows every allocation, but a mask is made by one. */
function checkBudget({ allocation = "global", flops }: PruneConfig): void {
  if (flops === undefined || allocation === "flops") return;
  throw new CoppiceError("E_CONFIG", `flops: expected with allocation flops only, got allocation ${allocation}`, {
    hint: "add --allocation flops, or leave --flops out",
  });
}

/** @throws CoppiceError unless the run is a dense original that has kept the weights to rewind to. */
export function checkPrunable({ folder, record }: Parent): void {
  if (record.kind !== "train") {
    throw new CoppiceError(
      "E_CONFIG",
      `${folder.path}: expected a dense original to prune, got a run of kind ${record.kind}`,
      {
        hint: "prune the run made by `coppice train`, then forget from the pruned one",
      },
    );
  }
  if (!existsSync(join(folder.path, "rewind.safetensors"))) {
    throw new CoppiceError(
      "E_CHECKPOINT",
      `${folder.file("rewind")}: expected the weights to rewind to, got no such file`,
      {
        hint: "restore the file, or train the original again",
      },
    );
  }
}
