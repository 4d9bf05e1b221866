/** What a schema of settings leaves to check: ranges, in the words of the options. */
import { checkConfig, type RecipeConfig, type TrainConfig, trainConfigSchema } from "../record/index.ts";
import { checkSharding, mostEpochs, mostParts } from "../unlearn/index.ts";
import { expectInteger, expectNonNegative, expectPositive, expectRange } from "../util/assert.ts";
import { largestNumber } from "../util/described-options.ts";
import { CoppiceError } from "../util/errors.ts";

export {
  type DataConfig,
  defaultSharding,
  type EngineConfig,
  type ForgetConfig,
  optimizerNames,
  type PruneConfig,
  type RecipeConfig,
  type Rewind,
  rewinds,
  scheduleNames,
  type SplitConfig,
  type TrainConfig,
} from "../record/index.ts";

/** @throws CoppiceError E_ARG naming the setting. */
export function checkRecipe(recipe: RecipeConfig): void {
  expectInteger("epochs", recipe.epochs, { min: 1 });
  expectInteger("epochs", recipe.epochs, { max: mostEpochs });
  expectInteger("batch-size", recipe.batchSize, { min: 1 });
  expectPositive("lr", recipe.lr);
  expectRange("lr", recipe.lr, 0, largestNumber);
  expectRange("momentum", recipe.momentum, 0, 1);
  expectNonNegative("weight-decay", recipe.weightDecay);
  expectRange("weight-decay", recipe.weightDecay, 0, largestNumber);
  checkNesterov(recipe);
  expectInteger("warmup-epochs", recipe.warmupEpochs, { min: 0, max: recipe.epochs });
  for (const share of recipe.milestones) {
    if (!(share > 0 && share < 1)) {
      throw new CoppiceError("E_ARG", `milestones: expected shares of the epochs between 0 and 1, got ${share}`, {
        hint: "0.5,0.75 divides the learning rate by ten after half and after three quarters of the epochs",
      });
    }
  }
}

/** Only SGD has it, and only with momentum. */
function checkNesterov({ optimizer, momentum, nesterov }: RecipeConfig): void {
  if (!nesterov || optimizer !== "sgd" || momentum > 0) return;
  throw new CoppiceError("E_CONFIG", "nesterov: expected momentum above 0 with it, got momentum 0", {
    hint: "leave --nesterov out, or raise --momentum",
  });
}

/** @throws CoppiceError E_ARG naming the setting. */
export function checkTrainConfig(config: TrainConfig): void {
  checkConfig(trainConfigSchema, config);
  checkRecipe(config.recipe);
  expectInteger("seed", config.seed, { min: 0 });
  expectRange("validation", config.split.validationFraction, 0, 1, true);
  expectInteger("rewind-epoch", config.rewindEpoch, { min: 0, max: config.recipe.epochs });
  if (config.sharding === undefined) return;
  expectInteger("shards", config.sharding.shards, { min: 2 });
  expectInteger("slices", config.sharding.slices, { min: 1 });
  for (const name of ["shards", "slices"] as const) expectInteger(name, config.sharding[name], { max: mostParts });
  checkSharding({ ...config.sharding, epochs: config.recipe.epochs }, Infinity);
}
