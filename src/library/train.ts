/** `train`: a new model, with the defaults of the command line. */
import type { DatasetDefinition } from "../data/index.ts";
import { datasetRegistry } from "../data/index.ts";
import { type Architecture, architectureRegistry } from "../models/index.ts";
import {
  defaultSharding,
  type RecipeConfig,
  type SplitConfig,
  type TrainConfig,
  trainDefaults,
} from "../record/index.ts";
import { checkApart, defaultRewindEpoch, readPoison, trainStage } from "../stages/index.ts";
import { defined } from "../util/defined.ts";
import { optionFlag } from "../util/described-options.ts";
import { CoppiceError } from "../util/errors.ts";
import { checkKeys } from "./check-keys.ts";
import { type Run, runIn, type CallOptions, withCallOptions } from "./run.ts";

/** Where the files of the data are, and whether they must be the published ones. */
export interface DataFilesOptions {
  /** Folder of the data set. Default: `COPPICE_DATA` and the usual places, or where an earlier run found it. */
  readonly dataFolder?: string | undefined;
  /** Use files whose checksums are not the published ones. Default false. */
  readonly allowUnverified?: boolean | undefined;
}

export const dataFileNames: readonly (keyof DataFilesOptions)[] = ["dataFolder", "allowUnverified"];

/** Which images are used, and how they are split. */
export interface DataOptions extends DataFilesOptions {
  /** A data set by its name, or one of your own. Needed, unless `poison` says what it is. */
  readonly data?: string | DatasetDefinition | undefined;
  /** Only these classes, by number or name, renumbered in this order. Default all. */
  readonly classes?: readonly (number | string)[] | undefined;
  /** Of image folders: height and width in pixels. Default 224. */
  readonly resolution?: number | undefined;
  /** Of image folders: turn images as their EXIF orientation says. Default false, as torchvision leaves them. */
  readonly applyOrientation?: boolean | undefined;
  /** Only the first training images. Default all. */
  readonly numTrain?: number | undefined;
  /** Only the first test images. Default all. */
  readonly numTest?: number | undefined;
  /** Whose draws: `standard` or those of the `reference` implementation. Default `standard`. */
  readonly split?: SplitConfig["mode"] | undefined;
  /** Share of every class held out for validation, in [0, 1). Default 0.1. */
  readonly validation?: number | undefined;
}

/** What is left out has the default of the command line. */
export interface TrainOptions
  extends DataOptions, Partial<{ readonly [K in keyof RecipeConfig]: RecipeConfig[K] | undefined }> {
  /** Folder that `poison` has described: its data, split and trigger. */
  readonly poison?: string | undefined;
  /** An architecture by its name, or one of your own. Default `resnet18`. */
  readonly arch?: string | Architecture | undefined;
  /** First layers: for small images or for large ones. Default `cifar`. */
  readonly stem?: TrainConfig["stem"] | undefined;
  /** Epoch whose weights are kept for pruning. Default 8, or a tenth of the epochs if that is less. */
  readonly rewindEpoch?: number | undefined;
  /** Train an ensemble of as many networks, each on its shard of the data, for the method SISA. Default one network. */
  readonly shards?: number | undefined;
  /** Slices of a shard, added one after another. Default 4. */
  readonly slices?: number | undefined;
  /** Seed of all random numbers, an integer >= 0. Default 1. */
  readonly seed?: number | undefined;
  /** `cpu` or `cuda`. Default `cpu`. */
  readonly device?: string | undefined;
}

/**
 * Trains a model, the original that later forgets, into the new run folder `out`.
 * @throws CoppiceError for bad settings or data, then `out` is untouched; Interrupted when `call.signal` asks to stop
 * @example
 * import { train } from "coppice";
 *
 * const original = await train(
 *   { data: "embedded", numTrain: 200, numTest: 50, arch: "resnet20s", epochs: 1, batchSize: 64 },
 *   "runs/original",
 * );
 * console.log(original.record.result?.trainAccuracy);
 */
export async function train(options: TrainOptions, out: string, call: CallOptions = {}): Promise<Run> {
  checkKeys("train", options, optionNames);
  if (options.data === undefined && options.poison === undefined) throw noData();
  return await withCallOptions(call, (context) => {
    return runIn(out, () => {
      checkApart(out, [options.poison]);
      return trainStage(trainConfig(options), out, context);
    });
  });
}

/** A default would begin hours of training on other images than meant. */
function noData(): CoppiceError {
  return new CoppiceError("E_ARG", "train: expected the option `data`, or `poison`, got neither", {
    hint: `for example data: "fashion-mnist"; there are ${datasetRegistry.names.join(", ")}`,
  });
}

/** Options that `poison` settles. */
const settledByPoison = [
  "data",
  "classes",
  "resolution",
  "applyOrientation",
  "numTrain",
  "numTest",
  "split",
  "validation",
] as const;

const optionNames: readonly (keyof TrainOptions)[] = [
  ...settledByPoison,
  "poison",
  "arch",
  "stem",
  "rewindEpoch",
  "shards",
  "slices",
  "seed",
  "device",
  ...dataFileNames,
  ...(Object.keys(trainDefaults.recipe) as (keyof RecipeConfig)[]),
];

/**
 * The settings of a training, with the defaults filled in.
 * @throws CoppiceError E_ARG for an unknown data set, slices without shards, or another data set or split beside `poison`
 */
export function trainConfig(options: TrainOptions): TrainConfig {
  const { recipe, ...defaults } = trainDefaults;
  const { data, split } = options.poison === undefined ? dataConfigs(options) : poisonedData(options.poison, options);
  const epochs = options.epochs ?? recipe.epochs;
  return {
    data,
    split,
    arch: architectureRegistry.resolve(options.arch ?? defaults.arch).name,
    stem: options.stem ?? defaults.stem,
    recipe: recipeConfig(options),
    rewindEpoch: options.rewindEpoch ?? defaultRewindEpoch(epochs),
    ...defined({ sharding: shardingOf(options) }),
    seed: options.seed ?? defaults.seed,
    device: options.device ?? defaults.device,
  };
}

function recipeConfig(options: TrainOptions): RecipeConfig {
  const { recipe } = trainDefaults;
  const names = Object.keys(recipe) as (keyof RecipeConfig)[];
  return Object.fromEntries(names.map((name) => [name, options[name] ?? recipe[name]])) as unknown as RecipeConfig;
}

type DataAndSplit = Pick<TrainConfig, "data" | "split">;

function dataConfigs(options: DataOptions): DataAndSplit {
  const { classes, resolution, applyOrientation, numTrain, numTest, validation } = options;
  const { data, split } = trainDefaults;
  return {
    data: {
      name: datasetRegistry.resolve(options.data ?? data.name).name,
      ...defined({ classes, resolution, applyOrientation, numTrain, numTest }),
      ...dataFiles(options),
    },
    split: { mode: options.split ?? split.mode, validationFraction: validation ?? split.validationFraction },
  };
}

export function dataFiles({ allowUnverified = false, dataFolder }: DataFilesOptions): {
  readonly allowUnverified: boolean;
  readonly folder?: string;
} {
  return { allowUnverified, ...defined({ folder: dataFolder }) };
}

/** As `coppice poison` described them. @throws CoppiceError E_ARG when they are given as well */
function poisonedData(folder: string, options: DataOptions): DataAndSplit {
  const { data, poison } = readPoison(folder);
  const given = settledByPoison.filter((name) => options[name] !== undefined);
  if (given.length > 0) {
    const flags = given.map(optionFlag).join(", ");
    throw new CoppiceError("E_ARG", `--poison: expected no other data set or split beside it, got ${flags}`, {
      hint: "a poisoned data set has its own split: leave these options out, or run coppice poison again with them",
    });
  }
  const { mode, validationFraction } = poison.split;
  const { name, ...records } = data;
  const { allowUnverified, ...files } = dataFiles(options);
  return {
    data: { name, ...defined(records), allowUnverified, poison, ...files },
    split: { mode, validationFraction },
  };
}

function shardingOf({ shards, slices }: TrainOptions): TrainConfig["sharding"] {
  if (shards !== undefined) return { shards, slices: slices ?? defaultSharding.slices };
  if (slices === undefined) return undefined;
  throw new CoppiceError("E_ARG", "--slices: expected --shards beside it, got none", {
    hint: "for example --shards 5",
  });
}
