/** Prunes a trained model: mask from its weights, back to an early epoch's weights and rate, and on under the mask. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { applyEngine, type EngineChoice } from "../sparse/index.ts";
import { allocationNamed, type Mask, prunerNamed } from "../prune/index.ts";
import type { Model } from "../models/index.ts";
import { checkConfig, pruneConfigSchema, type Rewind, type RunRecord } from "../record/index.ts";
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
import { dataPlaces } from "./output.ts";
import { checkParentThere, checkSameParent, openParent, type Parent, parentPlace, parentRecord } from "./parent.ts";
import { checkMask } from "./prune-checks.ts";
import { kindsOf, makeMask, rewindOf, setWeights, sparsitiesOf } from "./pruning.ts";
import { describeRate, fromEpoch, makeOptimizer, makeSchedule } from "./recipe.ts";
import { withPlace } from "./recorded-settings.ts";
import { runFiles } from "./run-files.ts";
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
  const given = [config.model, config.data.folder];
  RunFolder.checkFree(out, context.force === true, given);
  const parent = await openParent(config.model, config, context);
  checkPrunable(parent);
  checkMask(config, parent);
  const { loaded, original } = parent;
  const data = withPlace(config.data);
  const complete = { ...config, model: resolve(config.model), data, original };
  using dense = freshModel(specOf(parent.record.model, loaded.dataset), config.seed, config.device);
  makeOptimizer(dense.namedParameters(), original.recipe); // refuses what does not go together
  const first = await firstMask({ config: complete, record: {}, parent, context, dense });
  const begun = beginRun(
    out,
    {
      kind: "prune",
      config: complete,
      seed: config.seed,
      device: config.device,
      model: parent.record.model,
      loaded,
      split: parent.folder.readSplit(),
      reads: [...given, original.data.folder, ...dataPlaces(loaded.dataset)],
      recorded: parent.recorded,
      parent: parentRecord(parent, out),
      parentPlugins: parent.record.plugins,
    },
    context,
  );
  using folder = begun.folder;
  return await pruneBody({ config: complete, folder, record: begun.record, parent, context, dense }, first);
}

/** Goes on with an interrupted pruning. */
export async function resumePrune(folder: RunFolder, context: StageContext): Promise<RunRecord> {
  const { record: recorded, config } = resumeRun(folder, "prune", context);
  const place = parentPlace(folder.path, recorded);
  checkParentThere(place, recorded);
  const parent = await openParent(place, config, context);
  checkSameParent(place, parent.record, recorded);
  const record = { ...recorded, config: { ...recorded.config, original: parent.original } };
  using dense = freshModel(specOf(record.model, parent.loaded.dataset), config.seed, config.device);
  const first = await firstMask({ config, record, parent, context, dense });
  return await pruneBody({ config, folder, record, parent, context, dense }, first);
}

interface Pruning {
  readonly config: PruneConfig;
  readonly record: Pick<RunRecord, "engine">;
  readonly parent: Parent;
  readonly context: StageContext;
  /** The network that is pruned; its weights are set here. */
  readonly dense: Model;
}

interface PruneBody extends Pruning {
  readonly folder: RunFolder;
  readonly record: RunRecord;
}

/** A mask, and how the model under it is computed. */
type Masked = readonly [Mask, EngineChoice | null];

/**
 * Of a pruner of one round: its mask, made before there is a folder, so that what cannot be done leaves none. Of one of several rounds, whose runs
 * are in the folder, none yet. In both cases what training starts from is read.
 * @throws CoppiceError for a budget that no mask can keep, and files that are damaged
 */
async function firstMask(pruning: Pruning): Promise<Masked | null> {
  const { config, parent, dense } = pruning;
  if (sparsitiesOf(config, dense).length === 1 || config.after !== undefined) return await maskAndEngine(pruning);
  setWeights(dense, startOf(config, parent), parent);
  return null;
}

/** Leaves in the dense network the weights from which training goes on. */
async function maskAndEngine(pruning: Pruning, after = pruning.config.after): Promise<Masked> {
  const { config, record, parent, context, dense } = pruning;
  const mask = maskFor(dense, { ...config, ...defined({ after }) }, parent, context);
  const engine = await chooseRunEngine(record, config, { model: dense, mask }, context);
  setWeights(dense, startOf(config, parent), parent);
  return [mask, engine];
}

function startOf(config: PruneConfig, { original }: Parent): Rewind {
  return rewindOf(config, prunerNamed(config.pruner), original).at;
}

async function pruneBody(body: PruneBody, first: Masked | null): Promise<RunRecord> {
  const { config, folder, record, parent, context, dense } = body;
  const { original, loaded } = parent;
  const { recipe } = original;
  const [mask, engine] =
    first ??
    (await runRecorded(folder, record, async () =>
      maskAndEngine(body, await earlierRounds(folder, config, dense, context)),
    ));
  const withMask = {
    ...record,
    ...maskRecord(mask, config.allocation ?? "global"),
    ...engineRecord(engine),
    model: modelRecord(dense),
  };
  const { from, epochs } = rewindOf(config, prunerNamed(config.pruner), original);
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
  folder.checkFile(runFiles.rewind, record);
  expectFiniteFile(folder.file("rewind"));
}
