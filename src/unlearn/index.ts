/** The unlearning methods. */
export { finetune } from "./finetune.ts";
export { gradientAscent } from "./gradient-ascent.ts";
export { l1Sparse, type L1SparseOptions } from "./l1-sparse.ts";
export {
  defineMethod,
  type Forgotten,
  type Method,
  type MethodContext,
  type MethodResult,
  type PruningRecipe,
  readsRecords,
  type StateStore,
  type Needs,
  type TrainingRecipe,
} from "./method.ts";
export {
  type MethodOption,
  type OptionValue,
  type OptionValues,
  optionFlag,
  rangeOf,
  resolveOptions,
} from "./options.ts";
export { type Preset, presets, type PresetValue, presetValues } from "./presets.ts";
export { checkSharding, type Sharding, type ShardTraining, trainShards } from "./tools/shards.ts";
export { methodNamed, methods, methodsWithoutRecords } from "./registry.ts";
export { retrain } from "./retrain.ts";
