/** Takes a trained network to other data: a new last layer on its features, or all of it trained further. */
import { resolve } from "node:path";
import { type BatchSource, forEachBatch } from "../../data/batches.ts";
import { makeBaseSplit } from "../../data/split.ts";
import type { RunRecord } from "../../record/index.ts";
import type { SplitManifest } from "../../record/split.ts";
import { checkDevice } from "../../torch/index.ts";
import { CoppiceError, invariant } from "../../util/errors.ts";
import { beginRun, resumeRun } from "../begin-run.ts";
import { type LoadedData, part, testPart } from "../data-context.ts";
import { maskRecord, modelRecord, normalizationOf, specOf } from "../model-file.ts";
import { dataPlaces } from "../output.ts";
import { checkParentThere, checkSameParent, parentPlace } from "../parent.ts";
import { describeRate, makeOptimizer, makeSchedule } from "../recipe.ts";
import { withPlace } from "../recorded-settings.ts";
import { dataOfResumed } from "../run-data.ts";
import { RunFolder } from "../run-folder.ts";
import { sayOfRepeats } from "../say-of-data.ts";
import { checkSingleImages } from "../single-images.ts";
import { makeTrainer, type Outcome, runStage, type StageContext } from "../stage.ts";
import { ColourSource } from "./colour-source.ts";
import { FeatureSource } from "./feature-source.ts";
import { openSource, replaceHead, type SourceModel, type TransferModel } from "./source-model.ts";
import { checkTransferConfig, type TransferConfig } from "./transfer-config.ts";
import { numberedClass } from "../../util/numbered-class.ts";

/**
 * Transfers the run `config.model` to the data `config.data`; the new model goes to the run folder `out`. The data of the source are not needed.
 * @throws CoppiceError on bad settings, models or data (then `out` is untouched), Interrupted when asked to stop
 */
export async function transferStage(given: TransferConfig, out: string, context: StageContext): Promise<RunRecord> {
  checkTransferConfig(given);
  const config = { ...given, model: resolve(given.model), data: withPlace(given.data) };
  checkDevice(config.device);
  RunFolder.checkFree(out, context.force === true, [given.model, given.data.folder]);
  const source = openSource(config.model);
  const loaded = await context.data.load(config.data, config.device, context.log);
  const { seed, validationFraction } = config;
  const split = makeBaseSplit(loaded.dataset, { seed, validationFraction, mode: "standard" });
  checkTarget(source, loaded, split);
  checkBatches(config, source, split);
  const made = replaceHead(source, loaded.dataset.numClasses, config);
  using model = made.model;
  makeOptimizer(model.namedParameters(), config.recipe); // refuses what does not go together
  const begun = beginRun(
    out,
    {
      kind: "transfer",
      config: { ...config, original: asTraining(config, source) },
      seed,
      device: config.device,
      model: modelRecord(model),
      loaded,
      split,
      reads: [given.model, given.data.folder, ...dataPlaces(loaded.dataset)],
      notes: sayOfRepeats(loaded, context.log),
      parent: source.parentIn(out),
      parentPlugins: source.record.plugins,
      ...maskRecord(made.mask, source.record.mask?.allocation),
    },
    context,
  );
  using folder = begun.folder;
  return await runStage(folder, begun.record, () => transferBody({ config, folder, context, loaded, split, made }));
}

/** Goes on with an interrupted transfer. */
export async function resumeTransfer(folder: RunFolder, context: StageContext): Promise<RunRecord> {
  const { record, config } = resumeRun(folder, "transfer", context);
  const place = parentPlace(folder.path, record);
  checkParentThere(place, record);
  const { loaded, split } = await dataOfResumed({ folder, record }, config, context);
  const source = openSource(place);
  checkSameParent(place, source.record, record);
  const made = replaceHead(source, loaded.dataset.numClasses, config);
  using model = made.model;
  return await runStage(folder, record, () =>
    transferBody({ config, folder, context, loaded, split, made: { ...made, model } }),
  );
}

/** What a training of such a network on these data would be: what other stages ask a run for. */
function asTraining(
  { data, recipe, validationFraction, seed, device }: TransferConfig,
  { record }: SourceModel,
): object {
  const { arch, stem } = record.model;
  return { data, split: { mode: "standard", validationFraction }, arch, stem, recipe, rewindEpoch: 0, seed, device };
}

/** @throws CoppiceError E_DATA when a class has nothing to learn from, E_CONFIG when the network cannot take the images */
export function checkTarget(
  { path, record }: Pick<SourceModel, "path" | "record">,
  { dataset }: Pick<LoadedData, "dataset">,
  { indices }: Pick<SplitManifest, "indices">,
): void {
  const present = new Set(indices.train.map((index) => dataset.train.labels[index]));
  const absent = dataset.classNames.findIndex((_, label) => !present.has(label));
  if (absent >= 0) {
    throw new CoppiceError(
      "E_DATA",
      `target ${dataset.name}: expected training images of each of its ${dataset.numClasses} classes, got none of ${numberedClass(absent, dataset.classNames)}`,
      { hint: "take more training images, or fewer classes" },
    );
  }
  const { inChannels } = record.model;
  if (inChannels === dataset.channels || dataset.channels === 1) return;
  throw new CoppiceError(
    "E_CONFIG",
    `target ${dataset.name}: expected grey images, as ${path} takes, got images of ${dataset.channels} channels`,
    { hint: "transfer from a model of colour images" },
  );
}

/** Of a linear probe only the head is trained, which has no batch normalisation. */
function checkBatches(
  { probe, recipe }: TransferConfig,
  { record, file }: SourceModel,
  { indices }: Pick<SplitManifest, "indices">,
): void {
  if (probe === "linear") return;
  const spec = specOf(record.model, normalizationOf(record.model, file));
  checkSingleImages("transfer", spec, { images: indices.train.length, batchSize: recipe.batchSize });
}

interface TransferBody {
  readonly config: TransferConfig;
  readonly folder: RunFolder;
  readonly context: StageContext;
  readonly loaded: LoadedData;
  readonly split: SplitManifest;
  readonly made: TransferModel;
}

async function transferBody(body: TransferBody): Promise<Outcome> {
  const { loaded, split, made } = body;
  const suited = (source: BatchSource): BatchSource => fitChannels(source, loaded, made);
  const trainedOn = suited(part(loaded, split, "train"));
  const validation = split.indices.validation.length === 0 ? null : suited(part(loaded, split, "validation"));
  const train = body.config.probe === "linear" ? trainHead : trainAll;
  const trainer = await train(body, trainedOn, validation);
  return { ...made, trainer, trainedOn, validation, test: suited(testPart(loaded, split)) };
}

/** Images with as many channels as the network takes. */
export function fitChannels(
  source: BatchSource,
  { dataset }: Pick<LoadedData, "dataset">,
  { model }: Pick<TransferModel, "model">,
): BatchSource {
  return dataset.channels === model.spec.inChannels ? source : new ColourSource(source);
}

async function trainAll(
  { config, folder, context, made }: TransferBody,
  images: BatchSource,
  validation: BatchSource | null,
): Promise<Outcome["trainer"]> {
  const { recipe, seed, device } = config;
  const { batchSize, augment } = recipe;
  const trainer = makeTrainer({ folder, context, ...made, seed, device, batchSize, augment, validation });
  using optimizer = makeOptimizer(made.model.namedParameters(), recipe);
  context.log(describeRate(recipe));
  await trainer.fit(images, { epochs: recipe.epochs, optimizer, schedule: makeSchedule(recipe) });
  return trainer;
}

/** Of the network only the head is trained; its batch normalisation keeps the source's statistics. */
async function trainHead(
  { config, folder, context, made }: TransferBody,
  images: BatchSource,
  validation: BatchSource | null,
): Promise<Outcome["trainer"]> {
  const { recipe, seed, device } = config;
  const { batchSize } = recipe;
  const { model } = made;
  const { head } = model;
  invariant(head, "a source has a head");
  model.eval();
  using heldOut = validation === null ? null : featuresOf(validation, model, batchSize);
  const setup = { folder, context, model: head, mask: null, seed, device, batchSize, augment: false };
  const trainer = makeTrainer({ ...setup, validation: heldOut });
  const gathered = FeatureSource.gather(model);
  await trainer.pass(images, "features of the target", batchSize, gathered.visit);
  using features = gathered.finish();
  using optimizer = makeOptimizer(head.namedParameters(), recipe);
  context.log(describeRate(recipe));
  await trainer.fit(features, { epochs: recipe.epochs, optimizer, schedule: makeSchedule(recipe) });
  return trainer;
}

function featuresOf(images: BatchSource, model: TransferModel["model"], batchSize: number): FeatureSource {
  const gathered = FeatureSource.gather(model);
  forEachBatch(images, batchSize, gathered.visit);
  return gathered.finish();
}
