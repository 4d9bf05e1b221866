/** Whatever can be refused of a request to forget is refused before anything is written. */
import type { RunRecord } from "../record/index.ts";
import type { SplitManifest } from "../record/split.ts";
import {
  type Forgotten,
  type Method,
  methodNamed,
  methodsWithoutTrainingImages,
  type OptionValues,
  readsTrainingImages,
  smallestSetOf,
} from "../unlearn/index.ts";
import { CoppiceError } from "../util/errors.ts";
import type { ForgetConfig } from "./config.ts";
import { presentForget } from "./data-context.ts";
import { checkEngine, checkNeeds } from "./engine.ts";
import { heldOut } from "./method-context.ts";
import { specOf } from "./model-file.ts";
import type { Parent } from "./parent.ts";
import type { RunFolder } from "./run-folder.ts";
import { checkSingleImages } from "./single-images.ts";

/** Only a method that reads no training images can do without images to forget. */
export function checkRequest(method: Method, { request }: Pick<ForgetConfig, "request">): void {
  if (request.kind !== "none" || !readsTrainingImages(method)) return;
  throw new CoppiceError("E_ARG", `${method.name}: expected images to forget, got none`, {
    hint: `name them; methods that need none are ${methodsWithoutTrainingImages().join(", ")}`,
  });
}

interface Request {
  readonly config: ForgetConfig;
  readonly parent: Parent;
  readonly split: SplitManifest;
}

/** @throws CoppiceError when the method cannot do it, or not with these options */
export function checkMethod(method: Method, options: OptionValues, { config, parent, split }: Request): void {
  checkEnsemble(method, parent);
  checkForm(method, options, parent);
  const masked = parent.record.mask !== undefined;
  checkNeeds(config, masked ? beyondLiveWeights(method, options) : undefined);
  checkEngine(config, masked, config.device);
  checkForgetThere(method, parent, split);
  method.check?.(options, forgottenOf(split, parent));
  const validation = method.needsValidation?.(options) === true ? heldOut(parent.loaded, split, method.name).count : 0;
  const sharding = parent.original.sharding ?? null;
  const forget = presentForget(parent.loaded, split).length;
  const sizes = { retain: split.indices.retain.length, forget, validation, sharding };
  const images = smallestSetOf(method, sizes, options);
  checkSingleImages(method.name, specOf(parent.record.model, parent.loaded.dataset), { images, ...config });
}

function checkForgetThere({ name, needs }: Method, { loaded }: Parent, split: SplitManifest): void {
  const { length } = split.indices.forget;
  if (!needs.forget || length === 0 || presentForget(loaded, split).length > 0) return;
  throw new CoppiceError("E_DATA", `${name}: expected images to forget that are still there, got none of ${length}`, {
    hint: "use a method that does not read them, as finetune or retrain",
  });
}

/**
 * That a method which reads what it forgets is given the same images when it is resumed.
 * @throws CoppiceError E_CONFIG
 */
export function checkSameForget(folder: RunFolder, { method, data }: RunRecord, { loaded }: Parent): void {
  if (method === undefined || !methodNamed(method.name).needs.forget) return;
  const split = folder.readSplit();
  const { length } = split.indices.forget;
  const [before, now] = [length - (data.gone ?? 0), presentForget(loaded, split).length];
  if (before === now) return;
  throw new CoppiceError(
    "E_CONFIG",
    `${folder.path}: expected ${before} of ${length} images to forget, as when ${method.name} began, got ${now}`,
    { hint: "restore them, or begin again: the method reads the images that it forgets" },
  );
}

/** What the method needs that the sparse engine does not have. */
function beyondLiveWeights(method: Method, options: OptionValues): string | undefined {
  const needed = method.needsDense?.(options);
  return needed ?? (method.makesMask?.(options) === true ? "all weights, to find another mask" : undefined);
}

/** Only methods that start from new networks can replace an ensemble; the others change a single network. */
function checkEnsemble({ name, needs }: Method, { folder, record }: Parent): void {
  const { members = 1 } = record.model;
  if (members === 1 || needs.start !== "original") return;
  throw new CoppiceError(
    "E_CONFIG",
    `${name}: expected an original of one network, got the ensemble of ${members} in ${folder.path}`,
    { hint: "use --method sisa, which is what an ensemble is for, or retrain" },
  );
}

/** What is forgotten and from which model, for the method's own checks. */
export function forgottenOf({ scenario, indices }: SplitManifest, { record }: Parent): Forgotten {
  const count = indices.forget.length;
  return {
    wholeClasses: scenario.kind === "class",
    share: count / indices.train.length,
    count,
    masked: record.mask?.layers.map(({ name }) => name) ?? [],
    layers: record.result.layers.length,
  };
}

/** What an earlier request removed must not come back as data to retain, and the split of a run knows one request only. */
export function checkForgettable({ folder, record }: Parent): void {
  if (record.kind === "transfer") {
    throw new CoppiceError(
      "E_CONFIG",
      `${folder.path}: expected an original or a pruned model, got one that was transferred`,
      {
        hint: "forget from the source, and transfer what comes of it; the data of the target are not those it was first trained on",
      },
    );
  }
  if (record.kind !== "forget") return;
  throw new CoppiceError(
    "E_CONFIG",
    `${folder.path}: expected an original or a pruned model, got one that has forgotten already`,
    {
      hint: "put both requests into one file of ids, and forget them together from the original",
    },
  );
}

/** Retraining that makes the mask again needs a pruned original, and exactly as many epochs as the original had. */
function checkForm(method: Method, options: OptionValues, { folder, record, original }: Parent): void {
  if (method.makesMask?.(options) !== true) return;
  if (record.kind !== "prune") {
    throw new CoppiceError(
      "E_CONFIG",
      `${method.name} form exact: expected a pruned original, got the dense one in ${folder.path}`,
      { hint: "leave --form out: without a mask there is one way to retrain" },
    );
  }
  const { epochs } = original.recipe;
  if (options["epochs"] === epochs) return;
  throw new CoppiceError(
    "E_CONFIG",
    `${method.name} form exact: expected the original's ${epochs} epochs, got ${String(options["epochs"])}`,
    { hint: "leave --epochs out: the pruning that is done again has its separate epochs" },
  );
}
