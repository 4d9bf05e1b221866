/** The unlearning methods, each under its name in camel case, and what they are made of. */
export { anp } from "./anp.ts";
export { badTeacher } from "./bad-teacher.ts";
export { boundaryExpand } from "./boundary-expand.ts";
export { boundaryShrink } from "./boundary-shrink.ts";
export { cfK } from "./cf-k.ts";
export { clp } from "./clp.ts";
export { ct } from "./ct.ts";
export { euK } from "./eu-k.ts";
export { finePruning } from "./fine-pruning.ts";
export { finetune } from "./finetune.ts";
export { finetuneHeldOut } from "./finetune-held-out.ts";
export { finetunePrune } from "./finetune-prune.ts";
export { fisher } from "./fisher.ts";
export { gradientAscent } from "./gradient-ascent.ts";
export { iBau } from "./i-bau.ts";
export { influence } from "./influence.ts";
export { l1Sparse, type L1SparseOptions } from "./l1-sparse.ts";
export { msg } from "./msg.ts";
export { negGradPlus } from "./neggrad-plus.ts";
export { randomLabel } from "./random-label.ts";
export { retrain } from "./retrain.ts";
export { salun } from "./salun.ts";
export { scrub } from "./scrub.ts";
export { sisa } from "./sisa.ts";
export { ssd } from "./ssd.ts";
export { unsir } from "./unsir.ts";
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
  type SetSizes,
  smallestSetOf,
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
export { mostEpochs } from "./sgd-options.ts";
export { type Preset, presets, type PresetValue, presetValues } from "./presets.ts";
export {
  checkSharding,
  mostParts,
  type Sharding,
  type ShardTraining,
  smallestSlice,
  trainShards,
} from "./tools/shards.ts";
export { methodNamed, methodRegistry, methods, methodsWithoutTrainingImages } from "./registry.ts";
