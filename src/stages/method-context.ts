/** What a method is handed: the parts of the data it declared, and ways to make models and masks like the original's. */
import type { BatchSource } from "../data/batches.ts";
import type { Model } from "../models/index.ts";
import type { Mask } from "../prune/index.ts";
import { pruneConfigSchema, readConfig } from "../record/index.ts";
import type { SplitManifest } from "../record/split.ts";
import { type EngineChoice, applyEngine } from "../sparse/index.ts";
import { Generator } from "../torch/index.ts";
import type { Trainer } from "../train/index.ts";
import type { Method, MethodContext, OriginalTraining } from "../unlearn/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { jsonHash } from "../util/hash.ts";
import { deriveSeed } from "../util/seed.ts";
import type { ForgetConfig, TrainConfig } from "./config.ts";
import { type LoadedData, part } from "./data-context.ts";
import { freshModel } from "./model-file.ts";
import type { Parent } from "./parent.ts";
import { pruningRecipe } from "./pruning.ts";
import { trainingRecipe } from "./recipe.ts";
import { runFolders } from "./run-files.ts";
import type { RunFolder } from "./run-folder.ts";
import type { StageContext } from "./stage.ts";
import { StateFiles } from "./state-files.ts";

export interface ContextParts {
  readonly method: Method;
  readonly config: ForgetConfig;
  readonly folder: RunFolder;
  readonly parent: Parent;
  readonly context: StageContext;
  readonly split: SplitManifest;
  readonly model: Model;
  readonly mask: Mask | null;
  readonly engine: EngineChoice | null;
  readonly trainer: Trainer;
}

export function methodContext(parts: ContextParts): MethodContext {
  const { method, config, folder, parent, context, split, model, mask, engine, trainer } = parts;
  const { loaded, original, record } = parent;
  const { seed, device } = config;
  return {
    model,
    trainer,
    mask,
    log: context.log,
    generator: Generator.seeded(deriveSeed(seed, "method")),
    forgetClasses: split.scenario.kind === "class" ? split.scenario.classes : [],
    snapshots: new StateFiles(folder.folder("snapshots")),
    original: {
      recipe: trainingRecipe(original.recipe, context.log),
      imageIndices: imageIndicesIn(split),
      pruning:
        record.kind === "prune"
          ? pruningRecipe(readConfig(pruneConfigSchema, record.config, folder.path), original, model)
          : null,
      sharding: original.sharding ?? null,
      slices: slicesOf(parent),
      identity: identityOf({ loaded, original, model, mask, engine, seed, batchSize: config.batchSize }),
    },
    copy: (wanted) => frozen(applyEngine(wanted === "dense" ? null : engine, copyOf(model, device), mask).model),
    fresh: (index = 0) => {
      const other = freshModel(model.spec, seed + 1 + index, device);
      mask?.apply(other);
      return frozen(applyEngine(engine, other, mask).model);
    },
    get retain() {
      return allowed(method, "retain", () => part(loaded, split, "retain"));
    },
    get forget() {
      return allowed(method, "forget", () => part(loaded, split, "forget"));
    },
    get validation() {
      if (method.needsValidation?.(config.options) !== true)
        throw undeclared(method, "held-out data", "needsValidation");
      return heldOut(loaded, split, method.name);
    },
  };
}

/** Slices that an earlier request has added are in no record: their own hash is all that they have. */
function slicesOf({ folder, record }: Parent): StateFiles {
  return new StateFiles(folder.folder("slices"), (file) => {
    const name = `${runFolders.slices}/${file}`;
    if (record.files?.[name] !== undefined) folder.checkFile(name, record);
  });
}

/**
 * Held-out images of the kind that is forgotten.
 * @throws CoppiceError E_CONFIG when the original was trained without any
 */
export function heldOut(
  { dataset, train }: LoadedData,
  { indices, scenario }: SplitManifest,
  method: string,
): BatchSource {
  const wanted = scenario.kind === "class" ? new Set(scenario.classes) : null;
  const chosen = indices.validation.filter((index) => wanted?.has(dataset.train.labels[index] ?? -1) ?? true);
  if (chosen.length > 0) return train.subset(chosen, "validation part of the split");
  throw new CoppiceError(
    "E_CONFIG",
    `${method}: expected images held out of training, of the kind that is forgotten, got an original trained with none`,
    { hint: "train the original with --validation 0.1, or leave the option out that needs them" },
  );
}

/** Everything but the images that decides what training gives. */
export function identityOf(parts: {
  readonly loaded: LoadedData;
  readonly original: TrainConfig;
  readonly model: Model;
  readonly mask: Mask | null;
  readonly engine: EngineChoice | null;
  readonly seed: number;
  readonly batchSize: number;
}): string {
  const { loaded, original, model, mask, engine, seed, batchSize } = parts;
  const { spec } = model;
  return jsonHash({
    data: loaded.dataset.digest,
    spec: { ...spec, members: 1 },
    recipe: original.recipe,
    batchSize,
    seed,
    mask: mask?.hash ?? null,
    // Kernels on live weights round otherwise than dense operators do.
    engine: engine?.name === "sparse" ? (engine.precision ?? "float32") : "dense",
  });
}

/** Where the images of both parts stand among those that were trained on. */
function imageIndicesIn({ indices }: SplitManifest): OriginalTraining["imageIndices"] {
  const place = new Map(indices.train.map((index, i) => [index, i]));
  const at = (part: readonly number[]): number[] => part.map((index) => place.get(index) ?? -1);
  return { retain: at(indices.retain), forget: at(indices.forget) };
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

/** A part that a method declared. @throws CoppiceError E_CONFIG for any other: what it must not see it is not given */
function allowed(method: Method, name: "retain" | "forget", give: () => BatchSource): BatchSource {
  if (method.needs[name]) return give();
  throw undeclared(method, `the ${name} data`, `needs.${name}`);
}

function undeclared({ name }: Method, read: string, declaration: string): CoppiceError {
  return new CoppiceError(
    "E_CONFIG",
    `${name}: expected a method to read only data that it declares, got a read of ${read}`,
    {
      hint: `declare ${declaration} in the method's file, or do not read it`,
    },
  );
}
