/** Prunes a trained model: mask from its weights, back to an early epoch's weights and rate, and on under the mask. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { applyEngine } from "../sparse/index.ts";
import { allocationNamed, type Mask, prunerNamed } from "../prune/index.ts";
import type { Model } from "../models/index.ts";
import { checkConfig, pruneConfigSchema, type RunRecord } from "../record/index.ts";
import { checkDevice } from "../torch/index.ts";
import { mostEpochs } from "../unlearn/index.ts";
import { expectInteger, expectPositive, expectRange } from "../util/assert.ts";
import { defined } from "../util/defined.ts";
import { CoppiceError } from "../util/errors.ts";
import { beginRun, resumeRun } from "./begin-run.ts";
import type { PruneConfig } from "./config.ts";
import { part } from "./data-context.ts";
import { checkEngine, chooseRunEngine, engineRecord } from "./engine.ts";
import { expectFiniteFile, freshModel, loadModel, maskRecord, modelRecord, specOf } from "./model-file.ts";
import { checkNotParent, checkParentThere, checkSameParent, openParent, type Parent, parentRecord } from "./parent.ts";
import { checkMask } from "./prune-checks.ts";
import { kindsOf, makeMask, rewindOf, setWeights, sparsitiesOf } from "./pruning.ts";
import { describeRate, fromEpoch, makeOptimizer, makeSchedule } from "./recipe.ts";
import { RunFolder } from "./run-folder.ts";
import { makeTrainer, type Outcome, runRecorded, runStage, type StageContext } from "./stage.ts";
import { takeUp } from "./take-up.ts";

/**
 * Prunes the run `config.model` into the run folder `out`. By default training goes on from the rewind epoch to where the
 * original's ended, so that dense and sparse model have the same epochs at the same rates behind them. A pruner of several rounds with
 * training in between leaves the run of each earlier round in `out/rounds`.
 * Source: Jia et al., NeurIPS 2023; the reference code trains the full number of epochs once more after rewinding: `epochs`.
 */
export async function pruneStage(config: PruneConfig, out: string, context: StageContext): Promise<RunRecord> {
  checkPruneConfig(config);
  checkBudget(config);
  RunFolder.checkFree(out, context.force === true);
  const parent = await openParent(config.model, config, context);
  checkPrunable(parent);
  checkMask(config, parent);
  checkNotParent(out, parent.folder);
  using folder = RunFolder.create(out, context.force === true);
  const { loaded, original } = parent;
  const complete = { ...config, model: resolve(config.model), original };
  const record = beginRun(
    folder,
    {
      kind: "prune",
      config: complete,
      seed: config.seed,
      device: config.device,
      model: parent.record.model,
      loaded,
      split: parent.folder.readSplit(),
      recorded: parent.recorded,
      parent: parentRecord(parent, out),
      parentPlugins: parent.record.plugins,
    },
    context,
  );
  return await pruneBody({ config: complete, folder, record, parent, context });
}

/** Goes on with an interrupted pruning. */
export async function resumePrune(folder: RunFolder, context: StageContext): Promise<RunRecord> {
  const { record, config } = resumeRun(folder, pruneConfigSchema);
  checkParentThere(config.model, record);
  const parent = await openParent(config.model, config, context);
  checkSameParent(config.model, parent.record, record);
  return await pruneBody({ config, folder, record, parent, context });
}

interface PruneBody {
  readonly config: PruneConfig;
  readonly folder: RunFolder;
  readonly record: RunRecord;
  readonly parent: Parent;
  readonly context: StageContext;
}

async function pruneBody({ config, folder, record, parent, context }: PruneBody): Promise<RunRecord> {
  const { original, loaded } = parent;
  const { recipe } = original;
  using dense = freshModel(specOf(record.model, loaded.dataset), config.seed, config.device);
  const [mask, engine] = await runRecorded(folder, record, async () => {
    const after = config.after ?? (await earlierRounds(folder, config, dense, context));
    const made = maskFor(dense, { ...config, ...defined({ after }) }, parent, context);
    return [made, await chooseRunEngine(record, config, { model: dense, mask: made }, context)] as const;
  });
  const withMask = {
    ...record,
    ...maskRecord(mask, config.allocation ?? "global"),
    ...engineRecord(engine),
    model: modelRecord(dense),
  };
  const { at, from, epochs } = rewindOf(config, prunerNamed(config.pruner), original);
  setWeights(dense, at, parent);
  const onEngine = applyEngine(engine, dense, mask);
  using model = onEngine.model;
  return await runStage(folder, withMask, async (): Promise<Outcome> => {
    onEngine.mask?.apply(model);
    const split = folder.readSplit();
    const trainedOn = part(loaded, split, "train");
    const validation = split.indices.validation.length === 0 ? null : part(loaded, split, "validation");
    const { seed, device } = config;
    const { batchSize, augment } = recipe;
    const trainer = makeTrainer({ folder, context, ...onEngine, seed, device, batchSize, augment, validation });
    const schedule = fromEpoch(makeSchedule(recipe), from);
    if (epochs > 0) context.log(`${describeRate(recipe)}${from === 0 ? "" : `, taken up after epoch ${from}`}`);
    using optimizer = makeOptimizer(model.namedParameters(), recipe);
    await trainer.fit(trainedOn, { epochs, optimizer, schedule });
    return { model, mask, trainer, trainedOn, validation };
  });
}

/**
 * The rounds before the last, each a separate run: as it is there, resumed, or made now. Gives the last of them.
 * @returns undefined when there is one round only
 */
async function earlierRounds(
  folder: RunFolder,
  config: PruneConfig,
  dense: Model,
  context: StageContext,
): Promise<string | undefined> {
  const sparsities = sparsitiesOf(config, dense);
  let after: string | undefined;
  for (const [i, sparsity] of sparsities.slice(0, -1).entries()) {
    const path = join(folder.folder("rounds"), `round-${String(i + 1).padStart(2, "0")}`);
    context.log(`round ${i + 1} of ${sparsities.length}: sparsity ${sparsity.toFixed(4)}`);
    // The budget is for the last round; earlier ones have the default of their sparsity.
    const { flops: _, ...rest } = config;
    const round = { ...rest, sparsity, after: after ?? config.model };
    await takeUp(
      path,
      {
        start: (starting) => pruneStage(round, path, starting),
        resume: async (resuming) => {
          using own = RunFolder.open(path).lock();
          await resumePrune(own, resuming);
        },
      },
      context,
    );
    RunFolder.open(path).requireFinished();
    after = path;
  }
  if (after !== undefined)
    context.log(`round ${sparsities.length} of ${sparsities.length}: sparsity ${config.sparsity}`);
  return after;
}

function maskFor(dense: Model, config: PruneConfig, parent: Parent, context: StageContext): Mask {
  const pruner = prunerNamed(config.pruner);
  const before = scoredWeights(dense, config, parent);
  const training = part(parent.loaded, parent.folder.readSplit(), "train");
  const onStep = (step: number, steps: number): void => {
    if (steps > 1 && step % 10 === 0) context.log(`${pruner.title}: step ${step + 1} of ${steps}`);
  };
  const mask = makeMask(dense, training, config, { before, onStep });
  const total = mask.layers.reduce((sum, { numel }) => sum + numel, 0);
  context.log(`${mask.nonzero} of ${total} ${kindsOf(config.layers)} stay`);
  for (const { name, nonzero } of mask.layers) {
    if (nonzero === 0)
      context.log(
        `${name} keeps no weight: nothing passes but the shortcut beside it, where there is one (--keep-connected leaves one)`,
      );
  }
  return mask;
}

/** Puts the weights that are scored into `dense`; gives the mask that holds already, of a later round. */
function scoredWeights(dense: Model, { pruner, after }: PruneConfig, parent: Parent): Mask | null {
  if (after !== undefined) return loadModel(RunFolder.open(after).file("model"), dense);
  setWeights(dense, prunerNamed(pruner).weights === "initial" ? "initial" : "final", parent);
  return null;
}

/** @throws CoppiceError E_ARG, E_CONFIG for settings out of range, or that do not go together. */
export function checkPruneConfig(config: PruneConfig): void {
  checkConfig(pruneConfigSchema, config);
  prunerNamed(config.pruner);
  allocationNamed(config.allocation ?? "global");
  if (config.flops !== undefined) {
    expectPositive("flops", config.flops);
    expectRange("flops", config.flops, 0, 1);
  }
  if (config.rate !== undefined) {
    expectPositive("rate", config.rate);
    expectRange("rate", config.rate, 0, 1, true);
  }
  checkEngine(config, true, config.device);
  checkDevice(config.device);
  expectRange("sparsity", config.sparsity, 0, 1, true);
  expectInteger("seed", config.seed, { min: 0 });
  if (config.epochs !== undefined) expectInteger("epochs", config.epochs, { min: 0, max: mostEpochs });
}

/** A plan shows every allocation, but a mask is made by one; and only some pruners have rounds. */
function checkBudget({ allocation = "global", flops, pruner, rate, sparsity, after }: PruneConfig): void {
  const spread = allocationNamed(allocation);
  const { steps = 1, roundRate } = prunerNamed(pruner);
  if ("check" in spread && (steps > 1 || roundRate !== undefined)) {
    throw new CoppiceError("E_CONFIG", `allocation ${allocation}: expected a pruner of one step, got ${pruner}`, {
      hint: "use --method omp, or another --allocation",
    });
  }
  if (after === undefined) spread.check?.(sparsity);
  if (flops !== undefined && allocation !== "flops") {
    throw new CoppiceError("E_CONFIG", `flops: expected with allocation flops only, got allocation ${allocation}`, {
      hint: "add --allocation flops, or leave --flops out",
    });
  }
  if (rate !== undefined && roundRate === undefined) {
    throw new CoppiceError("E_CONFIG", `rate: expected with a pruner of several rounds (imp) only, got ${pruner}`, {
      hint: "add --method imp, or leave --rate out",
    });
  }
}

/** @throws CoppiceError unless the run is a dense original that has kept the weights to rewind to. */
export function checkPrunable({ folder, record, original }: Parent): void {
  if (record.kind !== "train") {
    throw new CoppiceError(
      "E_CONFIG",
      `${folder.path}: expected a dense original to prune, got a run of kind ${record.kind}`,
      {
        hint: "prune the run made by `coppice train`, then forget from the pruned one",
      },
    );
  }
  if (original.sharding !== undefined) {
    throw new CoppiceError("E_CONFIG", `${folder.path}: expected one network to prune, got an ensemble of shards`, {
      hint: "train without --shards, prune, and forget with --method sisa: it trains its shards under the mask",
    });
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
  expectFiniteFile(folder.file("rewind"));
}
