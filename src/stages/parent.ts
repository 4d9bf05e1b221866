/** The run a stage starts from: its record, data and recipe, checked before anything is written. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { requirePlugins } from "../plugins/index.ts";
import type { EvaluationRecord, RunRecord } from "../record/index.ts";
import type { SplitManifest } from "../record/split.ts";
import { CoppiceError } from "../util/errors.ts";
import { realPlace, wayTo } from "../util/places.ts";
import type { DataConfig, RecipeConfig, TrainConfig } from "./config.ts";
import type { LoadedData } from "./data-context.ts";
import { originalConfig, withPlace } from "./recorded-settings.ts";
import { expectFiniteFile, sparsityOf } from "./model-file.ts";
import { checkPresent, loadRunData, logChanges, type RecordedImages } from "./run-data.ts";
import { type FinishedRecord, RunFolder } from "./run-folder.ts";
import type { StageContext } from "./stage.ts";

export interface Parent {
  readonly folder: RunFolder;
  readonly record: FinishedRecord;
  /** How the first ancestor, the original, was trained. */
  readonly original: TrainConfig;
  readonly loaded: LoadedData;
  /** Which images it was made with. Absent of a run of an earlier version. */
  readonly recorded?: RecordedImages;
}

export interface ParentOptions {
  readonly data: Pick<DataConfig, "folder" | "allowUnverified">;
  readonly device: string;
  /** Which images must be there: all but those that this split forgets. Default the run's own, and what is gone is logged; `unchecked`: the caller does it, see `checkPresent`. */
  readonly needed?: SplitManifest | "unchecked";
}

/** Opens the finished run at `path` with its data. @throws CoppiceError when it is not finished, was changed or destroyed, or the data differ. */
export async function openParent(path: string, options: ParentOptions, context: StageContext): Promise<Parent> {
  const folder = RunFolder.open(path);
  const record = folder.requireFinished();
  await requirePlugins(record.plugins, path, context.loadPlugin);
  checkClassCount(path, record);
  const recorded = originalConfig(record);
  // Data that have moved are where they were found last, for what is made from this run too.
  const original = { ...recorded, data: withPlace(recorded.data, options.data.folder ?? recorded.data.folder) };
  expectFiniteFile(folder.file("model"));
  const allowUnverified = original.data.allowUnverified || options.data.allowUnverified;
  const config = { ...original.data, allowUnverified };
  const data = await loadRunData({ folder, record }, config, options.device, context);
  if (options.needed !== "unchecked") {
    const split = options.needed ?? folder.readSplit();
    checkPresent({ ...data, split, where: path, record });
    if (options.needed === undefined) logChanges(data.loaded, split, `by ${record.name}`, context.log);
  }
  return { folder, record, original, ...data };
}

/**
 * That the run which `name` was begun from is still there: it needs its weights to go on.
 * @throws CoppiceError E_CHECKPOINT
 */
export function checkParentThere(path: string, { name }: Pick<RunRecord, "name">): void {
  if (RunFolder.holdsRun(path)) return;
  const got = existsSync(path) ? "a folder without run.json" : "no such folder";
  throw new CoppiceError("E_CHECKPOINT", `${path}: expected the run that ${name} was begun from, got ${got}`, {
    hint: "an interrupted run cannot go on without it: put it back, or begin again from another",
  });
}

/** @throws CoppiceError E_CHECKPOINT when the model is of another number of classes than its data */
export function checkClassCount(path: string, { model, data }: Pick<RunRecord, "model" | "data">): void {
  if (model.numClasses === data.classNames.length) return;
  throw new CoppiceError(
    "E_CHECKPOINT",
    `${path}: expected a model of ${data.classNames.length} classes, as its data ${data.name} have, got one of ${model.numClasses}`,
    { hint: "the record was changed, or is of another model: train it again" },
  );
}

/**
 * That the run at `path` is still the one that `made` was made from.
 * @throws CoppiceError E_CHECKPOINT when it was replaced since
 */
export function checkSameParent(path: string, { result }: FinishedRecord, made: Pick<RunRecord, "parent">): void {
  const expected = made.parent?.modelSha256;
  if (expected === undefined || expected === result.modelSha256) return;
  throw new CoppiceError(
    "E_CHECKPOINT",
    `${path}: expected the model of SHA-256 ${expected}, got ${result.modelSha256}`,
    {
      hint: "the run there was replaced after this one was made from it, or begun: make this one again from the new one",
    },
  );
}

/** Where the run lies that the one at `path` was made from. @throws CoppiceError E_CHECKPOINT when its record names none */
export function parentPlace(path: string, { parent }: Pick<RunRecord, "parent">): string {
  if (parent !== undefined) return resolve(realPlace(path), parent.path);
  throw new CoppiceError("E_CHECKPOINT", `${path}: expected a run made from another, got a record without parent`, {
    hint: "the record was changed: restore it, or make the run again",
  });
}

export function recipeOf(record: RunRecord): RecipeConfig {
  return originalConfig(record).recipe;
}

/** How a record in `out` names its parent. */
export function parentRecord({ folder, record }: Parent, out: string): NonNullable<RunRecord["parent"]> {
  const { modelSha256, trainLoss } = record.result;
  return { path: wayTo(out, folder.path), name: record.name, modelSha256, sparsity: sparsityOf(record), trainLoss };
}

/** What the record of an evaluation calls a model that it compares with. */
export type ComparedModel = Omit<NonNullable<EvaluationRecord["before"]>, "metrics" | `disparity${string}`>;

/** @param from folder of the evaluated run */
export function describeModel({ folder, record }: Parent, from: string): ComparedModel {
  const path = wayTo(from, folder.path);
  return { name: record.name, path, modelSha256: record.result.modelSha256, sparsity: sparsityOf(record) };
}
