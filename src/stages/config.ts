/** The settings of each stage, complete: what a run folder keeps as `config` and a resume starts from. */
import type { Engine, Precision } from "../sparse/index.ts";
import type { PoisonSettings } from "../record/poison.ts";
import type { SplitManifest } from "../record/split.ts";
import type { ForgetRequest } from "../data/forget-set.ts";
import { expectChoice, expectInteger, expectNonNegative, expectPositive, expectRange } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import type { LayerKinds } from "../prune/index.ts";
import { checkSharding, type OptionValues, type Sharding } from "../unlearn/index.ts";

export interface DataConfig {
  /** Name in the registry of data sets. */
  readonly name: string;
  /** Where its files are, instead of the usual places. */
  readonly folder?: string;
  readonly allowUnverified: boolean;
  /** Of the embedded data set: which pictures are drawn. */
  readonly seed?: number;
  /** Use only the first records. */
  readonly numTrain?: number;
  readonly numTest?: number;
  /** The training images carry a backdoor. */
  readonly poison?: PoisonSettings;
  /** Only these classes, renumbered in this order. */
  readonly classes?: readonly (number | string)[];
  /** Of an image folder: height and width of its images. */
  readonly resolution?: number;
}

export interface SplitConfig {
  readonly mode: SplitManifest["mode"];
  /** In [0, 1). */
  readonly validationFraction: number;
}

export const optimizerNames = ["sgd", "adam", "adamw"] as const;
export const scheduleNames = ["multistep", "cosine", "onecycle", "constant"] as const;

/** How a model is trained; inherited by everything made from it. */
export interface RecipeConfig {
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: (typeof optimizerNames)[number];
  readonly lr: number;
  /** Of SGD, 0 to 1. */
  readonly momentum: number;
  readonly weightDecay: number;
  readonly nesterov: boolean;
  readonly schedule: (typeof scheduleNames)[number];
  /** Of `multistep`: after which shares of the epochs the rate is divided by ten, each in (0, 1). */
  readonly milestones: readonly number[];
  readonly warmupEpochs: number;
  /** Crop and flip. */
  readonly augment: boolean;
}

/** Of an ensemble whose shards and slices nobody names. */
export const usualSharding = { shards: 5, slices: 4 } as const satisfies Sharding;

export interface TrainConfig {
  readonly data: DataConfig;
  readonly split: SplitConfig;
  readonly arch: string;
  readonly stem: "cifar" | "imagenet";
  readonly recipe: RecipeConfig;
  /** The weights after this many epochs are kept, for pruning to rewind to; 0 keeps the initial ones. */
  readonly rewindEpoch: number;
  /** Trained as an ensemble, in shards and slices (SISA). Absent: one network. */
  readonly sharding?: Sharding;
  readonly seed: number;
  readonly device: string;
}

/** How a pruned model is computed. */
export interface EngineSettings {
  /** Default `auto`. */
  readonly engine?: Engine;
  /** Of activations on the sparse engine; default `float32`. */
  readonly precision?: Precision;
}

export const rewinds = ["epoch", "final", "initial"] as const;
export type Rewind = (typeof rewinds)[number];

export interface PruneConfig extends EngineSettings {
  /** Run folder of the dense model. */
  readonly model: string;
  readonly pruner: string;
  /** Share of the prunable weights to remove, in [0, 1). */
  readonly sparsity: number;
  /** How sparsity is spread over layers; default `global`. */
  readonly allocation?: string;
  /**
   * Where training under the mask starts: at the original's weights after its rewind epoch, at its final or its initial ones. Default `initial` for a
   * pruner that scores those, else `epoch`.
   */
  readonly rewind?: Rewind;
  /** Of `flops`: share of the dense multiplications that may stay, in (0, 1]; default: twice the share of weights that stay. */
  readonly flops?: number;
  /** Which layers are pruned; default convolutions. */
  readonly layers?: LayerKinds;
  /** No layer is left without a weight. */
  readonly keepConnected?: boolean;
  /** Of a pruner that trains in between: share of what is left that a round removes, in (0, 1); default the pruner's. */
  readonly rate?: number;
  /** Of such a pruner: the run of the round before, whose weights are ranked. */
  readonly after?: string;
  /** Epochs of training under the mask; default: from the rewind epoch to the original's end. */
  readonly epochs?: number;
  readonly data: Pick<DataConfig, "folder" | "allowUnverified">;
  readonly seed: number;
  readonly device: string;
}

export interface ForgetConfig extends EngineSettings {
  /** Run folder of the model that must forget. */
  readonly model: string;
  /** `none` for a method that reads no records. */
  readonly request: ForgetRequest | { readonly kind: "none" };
  /** Seed of a random forget set; default the split's. */
  readonly forgetSeed?: number;
  readonly method: string;
  readonly options: OptionValues;
  /** Share of the retained images of every class, in (0, 1), that the method is not given: to tune its options on. Absent: it gets all. */
  readonly withhold?: number;
  /** What is forgotten is suspected of a backdoor: the run is scored against it. */
  readonly cleanse?: {
    /** What found the suspects; absent where they were given. */
    readonly detector?: string;
  };
  /** Default the original's. */
  readonly batchSize: number;
  readonly data: Pick<DataConfig, "folder" | "allowUnverified">;
  readonly seed: number;
  readonly device: string;
}

/** @throws CoppiceError E_ARG naming the setting. */
export function checkRecipe(recipe: RecipeConfig): void {
  expectInteger("epochs", recipe.epochs, { min: 1 });
  expectInteger("batch-size", recipe.batchSize, { min: 1 });
  expectChoice("optimizer", recipe.optimizer, optimizerNames);
  expectPositive("lr", recipe.lr);
  expectRange("momentum", recipe.momentum, 0, 1);
  expectNonNegative("weight-decay", recipe.weightDecay);
  expectChoice("schedule", recipe.schedule, scheduleNames);
  expectInteger("warmup-epochs", recipe.warmupEpochs, { min: 0, max: recipe.epochs });
  for (const share of recipe.milestones) {
    if (!(share > 0 && share < 1)) {
      throw new CoppiceError("E_ARG", `milestones: expected shares of the epochs between 0 and 1, got ${share}`, {
        hint: "0.5,0.75 divides the learning rate by ten after half and after three quarters of the epochs",
      });
    }
  }
}

/** @throws CoppiceError E_ARG naming the setting. */
export function checkTrainConfig(config: TrainConfig): void {
  checkRecipe(config.recipe);
  expectInteger("seed", config.seed, { min: 0 });
  expectRange("validation", config.split.validationFraction, 0, 1, true);
  expectInteger("rewind-epoch", config.rewindEpoch, { min: 0, max: config.recipe.epochs });
  if (config.sharding === undefined) return;
  expectInteger("shards", config.sharding.shards, { min: 2 });
  expectInteger("slices", config.sharding.slices, { min: 1 });
  checkSharding({ ...config.sharding, epochs: config.recipe.epochs }, Infinity);
}
