/** Trains an original. */
import { saveSafetensors } from "../torch/index.ts";
import type { SplitManifest } from "../record/split.ts";
import type { RunRecord } from "../record/index.ts";
import { checkDevice } from "../torch/index.ts";
import { makeBaseSplit } from "../data/split.ts";
import type { BatchSource } from "../data/batches.ts";
import type { Model } from "../models/index.ts";
import type { Trainer } from "../train/index.ts";
import { checkSharding, smallestSlice, trainShards } from "../unlearn/index.ts";
import { CoppiceError, invariant } from "../util/errors.ts";
import { beginRun, resumeRun } from "./begin-run.ts";
import { dataOfResumed } from "./run-data.ts";
import { checkTrainConfig, type TrainConfig } from "./config.ts";
import { type LoadedData, part } from "./data-context.ts";
import { assemble } from "./ensemble.ts";
import { identityOf } from "./method-context.ts";
import { freshModel, modelRecord } from "./model-file.ts";
import { describeRate, makeOptimizer, makeSchedule, trainingRecipe } from "./recipe.ts";
import { dataPlaces } from "./output.ts";
import { withPlace } from "./recorded-settings.ts";
import { RunFolder } from "./run-folder.ts";
import { sayOfRepeats } from "./say-of-data.ts";
import { checkSingleImages } from "./single-images.ts";
import { StateFiles } from "./state-files.ts";
import { makeTrainer, type Outcome, runStage, type StageContext } from "./stage.ts";

/**
 * Trains a new model and leaves it in the run folder `out`.
 * @throws CoppiceError on bad settings or data (then `out` is untouched), Interrupted when asked to stop.
 */
export async function trainStage(given: TrainConfig, out: string, context: StageContext): Promise<RunRecord> {
  checkTrainConfig(given);
  const config = { ...given, data: withPlace(given.data) };
  checkDevice(config.device);
  RunFolder.checkFree(out, context.force === true, [config.data.folder]);
  const loaded = await context.data.load(config.data, config.device, context.log);
  const split = baseSplit(config, loaded);
  checkSizes(config, loaded, split.indices.train.length);
  using model = freshModel(specFor(config, loaded), config.seed, config.device);
  makeOptimizer(model.namedParameters(), config.recipe); // refuses what does not go together
  const { seed, device } = config;
  const notes = sayOfRepeats(loaded, context.log);
  const reads = [config.data.folder, ...dataPlaces(loaded.dataset)];
  const record = modelRecord(model);
  const begun = beginRun(
    out,
    { kind: "train", config, seed, device, model: record, loaded, split, notes, reads },
    context,
  );
  using folder = begun.folder;
  return await runStage(folder, begun.record, () => trainBody({ config, folder, context, loaded, split, model }));
}

/** Goes on with an interrupted training. */
export async function resumeTrain(folder: RunFolder, context: StageContext): Promise<RunRecord> {
  const { record, config } = resumeRun(folder, "train", context);
  const { loaded, split } = await dataOfResumed({ folder, record }, config, context);
  using model = freshModel(specFor(config, loaded), config.seed, config.device);
  return await runStage(folder, record, () => trainBody({ config, folder, context, loaded, split, model }));
}

/**
 * The split of this seed; of poisoned data the one they come with, whose held-out images are clean.
 * @throws CoppiceError E_CONFIG when another one is asked for
 */
function baseSplit({ split, seed }: TrainConfig, { dataset, split: given }: LoadedData): SplitManifest {
  if (given === undefined) return makeBaseSplit(dataset, { seed, ...split });
  if (given.mode === split.mode && given.validationFraction === split.validationFraction) return given;
  throw new CoppiceError(
    "E_CONFIG",
    `split: expected that of the poisoned data, mode ${given.mode} with ${given.validationFraction} held out, got mode ${split.mode} with ${split.validationFraction}`,
    { hint: "leave --split and --validation out, or poison the data again with them" },
  );
}

/** @throws CoppiceError E_ARG, E_CONFIG where there are too few images for the shards, or for the network */
function checkSizes(config: TrainConfig, loaded: LoadedData, count: number): void {
  const { sharding, recipe } = config;
  if (sharding !== undefined) checkSharding({ ...sharding, epochs: recipe.epochs }, count);
  const images = sharding === undefined ? count : smallestSlice({ retain: count, forget: 0 }, sharding);
  checkSingleImages("train", specFor(config, loaded), { images, batchSize: recipe.batchSize });
}

interface TrainBody {
  readonly config: TrainConfig;
  readonly folder: RunFolder;
  readonly context: StageContext;
  readonly loaded: LoadedData;
  readonly split: SplitManifest;
  readonly model: ReturnType<typeof freshModel>;
}

async function trainBody({ config, folder, context, loaded, split, model }: TrainBody): Promise<Outcome> {
  const { recipe, rewindEpoch, seed, device } = config;
  const trainedOn = part(loaded, split, "train");
  const validation = split.indices.validation.length === 0 ? null : part(loaded, split, "validation");
  const { batchSize, augment } = recipe;
  const trainer = makeTrainer({ folder, context, model, mask: null, seed, device, batchSize, augment, validation });
  const saveRewind = (): void =>
    saveSafetensors(folder.file("rewind"), model.stateDict(), { epoch: String(rewindEpoch) });
  if (config.sharding === undefined) {
    if (trainer.resumedAt === null) {
      if (rewindEpoch === 0) saveRewind();
    } else if (trainer.resumedAt.doneEpochs >= rewindEpoch) checkRewind(folder);
  }
  if (config.sharding !== undefined) {
    const ensemble = await trainEnsemble({ config, folder, context, loaded, split, model }, trainer, trainedOn);
    return { model: ensemble, mask: null, trainer, trainedOn, validation };
  }
  context.log(describeRate(recipe));
  using optimizer = makeOptimizer(model.namedParameters(), recipe);
  await trainer.fit(trainedOn, {
    epochs: recipe.epochs,
    optimizer,
    schedule: makeSchedule(recipe),
    afterEpoch: (epoch) => {
      if (epoch === rewindEpoch) saveRewind();
    },
  });
  return { model, mask: null, trainer, trainedOn, validation };
}

/** Written before the checkpoint from which a training is resumed; it cannot be made again. @throws CoppiceError E_CHECKPOINT */
function checkRewind(folder: RunFolder): void {
  if (folder.has("rewind")) return;
  throw new CoppiceError("E_CHECKPOINT", `${folder.file("rewind")}: expected the weights to rewind to, got no file`, {
    hint: "the file was removed while the training was interrupted: restore it, or train again",
  });
}

/** In shards and slices, so that deletions are cheap: what SISA forgets from. */
async function trainEnsemble(
  { config, folder, context, loaded, split, model }: TrainBody,
  trainer: Trainer,
  retain: BatchSource,
): Promise<Model> {
  const { recipe, seed, device, sharding } = config;
  const { epochs, lr, batchSize } = recipe;
  const { ensemble } = await trainShards(
    {
      model,
      trainer,
      retain,
      fresh: (index = 0) => freshModel(model.spec, seed + 1 + index, device),
      snapshots: new StateFiles(folder.folder("snapshots")),
      log: context.log,
      original: {
        recipe: trainingRecipe(recipe, context.log),
        imageIndices: { retain: split.indices.train.map((_, i) => i), forget: [] },
        slices: new StateFiles(folder.folder("slices")),
        identity: identityOf({ loaded, original: config, model, mask: null, engine: null, seed, batchSize }),
      },
    },
    { epochs, lr, shards: 1, slices: 1, ...sharding, weights: "uniform" },
  );
  invariant(ensemble, "shards give an ensemble");
  return assemble({ ensemble }, model, null).model;
}

/** The network of a training on these data. */
export function specFor(config: TrainConfig, { dataset }: LoadedData): Parameters<typeof freshModel>[0] {
  const { mean, std, numClasses, channels, height } = dataset;
  return {
    arch: config.arch,
    numClasses,
    inChannels: channels,
    imageSize: height,
    stem: config.stem,
    normalize: { mean, std },
  };
}
