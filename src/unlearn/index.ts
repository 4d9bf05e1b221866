/** The unlearning methods. */
export { finetune } from "./finetune.ts";
export { gradientAscent } from "./gradient-ascent.ts";
export { l1Sparse, type L1SparseOptions } from "./l1-sparse.ts";
export {
  type CallableMethod,
  defineMethod,
  type Forgotten,
  type Method,
  type MethodChoice,
  type MethodContext,
  type MethodDefinition,
  type MethodResult,
  type Needs,
  type OriginalTraining,
  type PruningRecipe,
  readsTrainingImages,
  type StateStore,
  type TrainingRecipe,
} from "./method.ts";
export {
  type DescribedOption,
  optionFlag,
  type OptionValue,
  type OptionValues,
  rangeOf,
  resolveOptions,
} from "../util/described-options.ts";
export { type Preset, presets, type PresetValue, presetValues } from "./presets.ts";
export { checkSharding, type Sharding, type ShardTraining, trainShards } from "./tools/shards.ts";
export { methodNamed, methodRegistry, methods, methodsWithoutTrainingImages } from "./registry.ts";
export { retrain } from "./retrain.ts";
