/** Makes a model forget: the main job. */
import { runDefinition } from "../plugins/index.ts";
import { resolve } from "node:path";
import { countsOf, type StayingCopies } from "../data/copies.ts";
import { checkConfig, forgetConfigSchema, keptRequest, type RunRecord } from "../record/index.ts";
import { applyEngine, type EngineChoice } from "../sparse/index.ts";
import type { SplitManifest } from "../record/split.ts";
import type { Model } from "../models/index.ts";
import type { Mask } from "../prune/index.ts";
import { checkDevice } from "../torch/index.ts";
import {
  type Method,
  type MethodResult,
  methodNamed,
  type OptionValues,
  type PresetValue,
  presetValues,
  resolveOptions,
} from "../unlearn/index.ts";
import { expectInteger } from "../util/assert.ts";
import { defined } from "../util/defined.ts";
import { beginRun, resumeRun } from "./begin-run.ts";
import { type ForgetConfig, defaultSharding } from "./config.ts";
import { part } from "./data-context.ts";
import { assemble } from "./ensemble.ts";
import { forgetSetOf } from "./forget-set-summary.ts";
import { methodContext } from "./method-context.ts";
import { checkForgettable, checkMethod, checkRequest, checkSameForget, forgottenOf } from "./forget-checks.ts";
import { forgetSplit } from "./forget-split.ts";
import { costCaution, costLine, estimateCost } from "./forget-cost.ts";
import { freshModel, loadMask, maskRecord, readModel, specOf } from "./model-file.ts";
import { dataPlaces } from "./output.ts";
import { checkParentThere, checkSameParent, openParent, type Parent, parentPlace, parentRecord } from "./parent.ts";
import { trainingRecipe } from "./recipe.ts";
import { withPlace } from "./recorded-settings.ts";
import { RunFolder } from "./run-folder.ts";
import { chooseRunEngine, engineRecord } from "./engine.ts";
import { checkPresent, logChanges } from "./run-data.ts";
import { sayOfForget } from "./say-of-data.ts";
import { makeTrainer, type Outcome, runStage, type StageContext } from "./stage.ts";

/**
 * Applies an unlearning method to the run `config.model`; the changed model goes to the run folder `out`.
 * @throws CoppiceError on bad settings, forget sets or data (then `out` is untouched), Interrupted when asked to stop.
 */
export async function forgetStage(config: ForgetConfig, out: string, context: StageContext): Promise<RunRecord> {
  const given = [config.model, config.data.folder];
  RunFolder.checkFree(out, context.force === true, given);
  const { method, parent, split, presets, options, copies } = await prepareForget(config, context);
  const { loaded, original } = parent;
  const notes = sayOfForget({ method, loaded, split, copies }, context.log);
  await context.confirm?.(forgetSetOf({ parent, split }));
  const request = keptRequest(config.request);
  const data = withPlace(config.data);
  const complete = { ...config, request, model: resolve(config.model), data, options, original };
  const fresh = { model: parent.record.model }; // the engine of the parent is not that of this run
  using started = await startOf({ config: complete, record: fresh, parent, context });
  const begun = beginRun(
    out,
    {
      kind: "forget",
      config: complete,
      seed: config.seed,
      device: config.device,
      model: parent.record.model,
      loaded,
      split,
      reads: [...given, original.data.folder, ...dataPlaces(loaded.dataset)],
      recorded: parent.recorded,
      notes,
      copies: countsOf(copies),
      parent: parentRecord(parent, out),
      parentPlugins: parent.record.plugins,
      method: { ...methodRecord(method, options, parent, split), ...presetRecord(presets) },
    },
    context,
  );
  using folder = begun.folder;
  const { record } = begun;
  for (const { option, value, source } of presets) context.log(`${option} ${value}: ${source}`);
  const cost = estimateCost(method, options, { parent, split });
  if (cost !== undefined) context.log(costLine(method.name, cost));
  if (record.method?.caution !== undefined) context.log(`note: ${record.method.caution}`);
  return await forgetBody({ config: complete, folder, record, parent, context }, started);
}

/** What a request comes to, before anything is written. */
export interface PreparedForget {
  readonly method: Method;
  readonly parent: Parent;
  readonly split: SplitManifest;
  readonly presets: readonly PresetValue[];
  /** All of the method's. */
  readonly options: OptionValues;
  /** Exact copies of what is asked for that stay. */
  readonly copies: StayingCopies;
}

/** @throws CoppiceError for settings, forget sets, data or models with which it cannot be done */
export async function prepareForget(config: ForgetConfig, context: StageContext): Promise<PreparedForget> {
  checkConfig(forgetConfigSchema, config);
  const method = methodNamed(config.method);
  checkRequest(method, config);
  checkDevice(config.device);
  expectInteger("seed", config.seed, { min: 0 });
  expectInteger("batch-size", config.batchSize, { min: 1 });
  const parent = await openParent(config.model, { ...config, needed: "unchecked" }, context);
  checkForgettable(parent);
  const { split, copies } = forgetSplit(config, parent);
  const hint =
    "Or name them among what is to be forgotten: `withMissing: true` takes all of them along, those that changed too: they are forgotten, or taken out of validation and test";
  checkPresent({ ...parent, split, where: config.model, hint });
  const { options, presets } = forgetOptions(config, parent, split);
  checkMethod(method, options, { config, parent, split });
  return { method, parent, split, presets, options, copies };
}

function methodRecord(
  method: Method,
  options: OptionValues,
  parent: Parent,
  split: SplitManifest,
): NonNullable<RunRecord["method"]> {
  const cost = costCaution(method.name, estimateCost(method, options, { parent, split }));
  const cautions = [method.caution?.(forgottenOf(split, parent), options), cost].filter((each) => each !== undefined);
  const caution = cautions.length === 0 ? undefined : cautions.join(" ");
  const order = parent.record.mask === undefined ? "dense" : "prune-first";
  return { name: method.name, options, order, ...defined({ caution }) };
}

/** Every option of the method, and which have a preset for the case: what is given, else what is published for the case, else the original's, else the default. */
export function forgetOptions(
  config: ForgetConfig,
  parent: Parent,
  split: SplitManifest,
): { options: OptionValues; presets: PresetValue[] } {
  const method = methodNamed(config.method);
  const presets = presetsFor(config, parent, split);
  const published = Object.fromEntries(presets.map(({ option, value }) => [option, value]));
  const options = resolveOptions(method.name, method.options, { ...published, ...config.options }, {
    ...trainingRecipe(parent.original.recipe),
    ...(parent.original.sharding ?? defaultSharding),
  } as never);
  return { options, presets };
}

/** Published values for the case; none for suspects, which are no images drawn at random. */
function presetsFor(config: ForgetConfig, { record, original }: Parent, { scenario }: SplitManifest): PresetValue[] {
  if (config.cleanse !== undefined) return [];
  const found = {
    data: original.data.name,
    arch: original.arch,
    scenario: scenario.kind === "class" ? "class" : "random",
    sparsity: record.mask === undefined ? "dense" : "pruned",
  } as const;
  return presetValues(config.method, found, config.options);
}

function presetRecord(presets: readonly PresetValue[]): Pick<NonNullable<RunRecord["method"]>, "presets"> {
  return presets.length === 0 ? {} : { presets: presets.map(({ option, source }) => ({ option, source })) };
}

/** Goes on with interrupted forgetting. */
export async function resumeForget(folder: RunFolder, context: StageContext): Promise<RunRecord> {
  const { record: recorded, config } = resumeRun(folder, "forget", context);
  const place = parentPlace(folder.path, recorded);
  checkParentThere(place, recorded);
  const split = folder.readSplit();
  const parent = await openParent(place, { ...config, needed: split }, context);
  logChanges(parent.loaded, split, "by this run", context.log);
  checkSameParent(place, parent.record, recorded);
  checkSameForget(folder, recorded, parent);
  const record = { ...recorded, config: { ...recorded.config, original: parent.original } };
  using started = await startOf({ config, record, parent, context });
  return await forgetBody({ config, folder, record, parent, context }, started);
}

interface Forgetting {
  readonly config: ForgetConfig;
  readonly record: Pick<RunRecord, "model" | "engine">;
  readonly parent: Parent;
  readonly context: StageContext;
}

interface ForgetBody extends Forgetting {
  readonly folder: RunFolder;
  readonly record: RunRecord;
}

async function forgetBody({ config, folder, record, parent, context }: ForgetBody, start: Start): Promise<RunRecord> {
  const method = methodNamed(config.method);
  const { loaded, original } = parent;
  const { model, mask, engine, onEngine } = start;
  const started = { ...record, ...maskRecord(mask, parent.record.mask?.allocation), ...engineRecord(engine) };
  return await runStage(folder, started, async (): Promise<Outcome> => {
    const split = folder.readSplit();
    const validation = split.indices.validation.length === 0 ? null : part(loaded, split, "validation");
    const { seed, device, batchSize } = config;
    const { augment } = original.recipe;
    const trainer = makeTrainer({ folder, context, ...onEngine, seed, device, batchSize, augment, validation });
    const parts = { method, config, folder, parent, context, split, model, mask, engine, trainer };
    // A method of a user, from JavaScript, may report nothing.
    const run = (): Promise<MethodResult | undefined> => method.run(methodContext(parts), config.options);
    const reported = await runDefinition("method", method.name, run);
    const { exactZeros, mask: made, ensemble } = reported ?? {};
    const several = ensemble === undefined ? null : assemble({ ensemble }, model, mask);
    const newMask = made ?? several?.mask ?? undefined;
    // The allocation stays that of the original where the mask is the original's, or was made again in the same way.
    const alike = several !== null || method.makesMask?.(config.options) === true;
    return {
      model: several?.model ?? model,
      mask,
      allocation: alike ? parent.record.mask?.allocation : undefined,
      trainer,
      trainedOn: part(loaded, split, "retain"),
      validation,
      ...defined({ newMask, exactZeros }),
    };
  });
}

/** What the method begins with. */
interface Start extends Disposable {
  /** As it is trained: on its engine. */
  readonly model: Model;
  readonly mask: Mask | null;
  readonly engine: EngineChoice | null;
  readonly onEngine: ReturnType<typeof applyEngine>;
}

/** Reads the model and chooses its engine: what may fail does so before there is a folder. */
async function startOf({ config, record, parent, context }: Forgetting): Promise<Start> {
  const method = methodNamed(config.method);
  const [dense, mask] = modelFor(method, config, parent, record);
  const needsDense = method.needsDense?.(config.options);
  const engine = await chooseRunEngine(record, { ...config, needsDense }, { model: dense, mask }, context);
  const onEngine = applyEngine(engine, dense, mask);
  const { model } = onEngine;
  return { model, mask, engine, onEngine, [Symbol.dispose]: () => model.dispose() };
}

/** The model that the method changes, as it asks for it, and the mask that holds. */
function modelFor(
  method: Method,
  config: ForgetConfig,
  parent: Parent,
  record: Pick<RunRecord, "model">,
): [Model, Mask | null] {
  const { dataset } = parent.loaded;
  if (method.needs.start === "original") {
    const { model, mask } = readModel(parent.folder, record, { device: config.device, normalization: dataset });
    return [model, mask];
  }
  // What trains new networks trains them one by one.
  const model = freshModel({ ...specOf(record.model, dataset), members: 1 }, config.seed, config.device);
  if (method.makesMask?.(config.options) === true) return [model, null];
  const mask = loadMask(parent.folder.file("model"));
  mask?.apply(model);
  return [model, mask];
}
