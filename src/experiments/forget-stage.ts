/** Makes a model forget: the main job. */
import { resolve } from "node:path";
import { withForgetSet } from "../data/split.ts";
import type { BatchSource } from "../data/batches.ts";
import type { RunRecord } from "../record/index.ts";
import { engage } from "../sparse/index.ts";
import { splitReference, type SplitManifest, writeSplit } from "../record/split.ts";
import type { Model } from "../models/index.ts";
import { checkDevice, Generator } from "../torch/index.ts";
import { type Method, type MethodContext, methodNamed, type OptionValues, resolveOptions } from "../unlearn/index.ts";
import { expectInteger } from "../util/assert.ts";
import { CoppiceError, invariant } from "../util/errors.ts";
import type { ForgetConfig } from "./config.ts";
import { dataRecord, part } from "./data-context.ts";
import { environmentRecord } from "./environment.ts";
import { freshModel, loadModel, maskRecord, specOf } from "./model-file.ts";
import { openParent, type Parent, parentRecord } from "./parent.ts";
import { trainingRecipe } from "./recipe.ts";
import { RunFolder } from "./run-folder.ts";
import { checkEngine, chosenEngine, engineRecord } from "./engine.ts";
import { deriveSeed } from "../util/seed.ts";
import { makeTrainer, now, type Outcome, runStage, type StageContext } from "./stage.ts";

/**
 * Applies an unlearning method to the run `config.model`; the changed model goes to the run folder `out`.
 * @throws CoppiceError on bad settings, forget sets or data (then `out` is untouched), Interrupted when asked to stop.
 */
export async function forgetStage(config: ForgetConfig, out: string, context: StageContext): Promise<RunRecord> {
  const method = methodNamed(config.method);
  checkDevice(config.device);
  expectInteger("seed", config.seed, { min: 0 });
  expectInteger("batch-size", config.batchSize, { min: 1 });
  RunFolder.checkFree(out, context.force === true);
  const parent = await openParent(config.model, config, context);
  checkForgettable(parent);
  checkEngine(config, parent.record.mask !== undefined, config.device);
  const { loaded, original } = parent;
  const options = resolveOptions(method.name, method.options, config.options, {
    ...trainingRecipe(original.recipe),
  } as never);
  method.check?.(options);
  const split = forgetSplit(config, parent);
  using folder = RunFolder.create(out, context.force === true);
  writeSplit(folder.file("split"), split);
  const record: RunRecord = {
    format: "coppice-run",
    version: 1,
    kind: "forget",
    name: folder.name,
    status: "running",
    startedAt: now(),
    resumedAt: [],
    command: [...context.command],
    config: { ...config, model: resolve(config.model), options, original },
    seed: config.seed,
    model: parent.record.model,
    data: dataRecord(loaded),
    split: { ...splitReference(split, loaded.dataset.classNames), baseHash: split.baseHash },
    parent: parentRecord(parent, out),
    method: methodRecord(method, options, parent, split),
    environment: environmentRecord(config.device),
  };
  if (record.method?.caution !== undefined) context.log(`note: ${record.method.caution}`);
  return await forgetBody(folder, record, parent, context);
}

function methodRecord(
  method: Method,
  options: OptionValues,
  { record }: Parent,
  { scenario, indices }: SplitManifest,
): NonNullable<RunRecord["method"]> {
  const share = indices.forget.length / indices.train.length;
  const caution = method.caution?.({ wholeClasses: scenario.kind === "class", share }, options);
  const order = record.mask === undefined ? "dense" : "prune-first";
  return { name: method.name, options, order, ...(caution === undefined ? {} : { caution }) };
}

/** The parent's split with the requested images to be forgotten. */
function forgetSplit({ request, forgetSeed }: ForgetConfig, { folder, loaded }: Parent): SplitManifest {
  const seed = forgetSeed === undefined ? {} : { seed: forgetSeed };
  return withForgetSet(folder.readSplit(), request, loaded.dataset, seed);
}

/** Goes on with interrupted forgetting. */
export async function resumeForget(folder: RunFolder, context: StageContext): Promise<RunRecord> {
  const record = folder.readRecord();
  const config = record.config as unknown as ForgetConfig;
  const parent = await openParent(config.model, config, context);
  const resumed: RunRecord = { ...record, status: "running", resumedAt: [...record.resumedAt, now()] };
  return await forgetBody(folder, resumed, parent, context);
}

async function forgetBody(
  folder: RunFolder,
  record: RunRecord,
  parent: Parent,
  context: StageContext,
): Promise<RunRecord> {
  const config = record.config as unknown as ForgetConfig;
  const method = methodNamed(config.method);
  const { loaded, original } = parent;
  using dense = freshModel(specOf(record.model, loaded.dataset), config.seed, config.device);
  const fresh =
    method.needs.start === "fresh"
      ? new Map([...dense.stateDict()].map(([name, value]) => [name, value.clone()]))
      : null;
  const mask = loadModel(parent.folder.file("model"), dense);
  if (fresh !== null) {
    dense.loadStateDict(fresh);
    for (const value of fresh.values()) value.dispose();
  }
  mask?.apply(dense);
  const engine = await chosenEngine(
    record,
    { ...config, needsDense: method.needsDense?.(config.options) },
    { model: dense, mask },
    context,
  );
  const engaged = engage(engine, dense, mask);
  using model = engaged.model;
  const started = { ...record, ...maskRecord(mask, parent.record.mask?.allocation), ...engineRecord(engine) };
  return await runStage(folder, started, async (): Promise<Outcome> => {
    const split = folder.readSplit();
    const validation = split.indices.validation.length === 0 ? null : part(loaded, split, "validation");
    const { seed, device, batchSize } = config;
    const { augment } = original.recipe;
    const trainer = makeTrainer({ folder, context, ...engaged, seed, device, batchSize, augment, validation });
    const methodContext: MethodContext = {
      model,
      trainer,
      mask,
      generator: Generator.seeded(deriveSeed(seed, "method")),
      forgetClasses: split.scenario.kind === "class" ? split.scenario.classes : [],
      recipe: trainingRecipe(original.recipe),
      copy: (wanted) => frozen(engage(wanted === "dense" ? null : engine, copyOf(model, device), mask).model),
      fresh: () => {
        const other = freshModel(model.spec, seed + 1, device);
        mask?.apply(other);
        return frozen(engage(engine, other, mask).model);
      },
      get retain() {
        return allowed(method, "retain", () => part(loaded, split, "retain"));
      },
      get forget() {
        return allowed(method, "forget", () => part(loaded, split, "forget"));
      },
    };
    const { exactZeros, mask: made } = await method.run(methodContext, config.options);
    const trainedOn = part(loaded, split, "retain");
    return {
      model,
      mask,
      ...(made === undefined ? {} : { newMask: made }),
      trainer,
      trainedOn,
      validation,
      ...(exactZeros === undefined ? {} : { exactZeros }),
    };
  });
}

/** A dense model of the same weights. */
function copyOf(model: Model, device: string): Model {
  const copy = freshModel(model.spec, 0, device);
  copy.loadStateDict(model.stateDict());
  return copy;
}

function frozen(model: Model): Model {
  for (const parameter of model.parameters()) parameter.requiresGrad = false;
  model.eval();
  return model;
}

/** A part that a method declared; reading another one is a bug in the method. */
function allowed(method: Method, name: "retain" | "forget", give: () => BatchSource): BatchSource {
  invariant(method.needs[name], `${method.name} reads the ${name} data without declaring it`);
  return give();
}

/** What an earlier request removed must not come back as data to retain, and the split of a run knows one request only. */
function checkForgettable({ folder, record }: Parent): void {
  if (record.kind !== "forget") return;
  throw new CoppiceError(
    "E_CONFIG",
    `${folder.path}: expected an original or a pruned model, got one that has forgotten already`,
    {
      hint: "put both requests into one file of ids, and forget them together from the original",
    },
  );
}
