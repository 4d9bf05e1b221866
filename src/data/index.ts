export { type Batch, type BatchSource, cropPadding, DeviceImages, type ImageShape, ImageSubset } from "./batches.ts";
export { classNumbers } from "./class-subset.ts";
export { labelsOf, someOfEachClass } from "./labels.ts";
export type { ImageDataset, ImageSet, LoadOptions, LoadProgress } from "./dataset.ts";
export {
  downloadDataset,
  type DownloadOptions,
  type DownloadProgress,
  type DownloadResult,
  downloadSources,
} from "./download.ts";
export { type DatasetDefinition, defineDataset } from "./dataset-definition.ts";
export { type ImageRecord, inMemoryDataset, type InMemoryImages } from "./in-memory.ts";
export type { ForgetRequest } from "../record/forget-request.ts";
export { drawForgetSet } from "./forget-set.ts";
export { type IdsOptions, readIds } from "./forget-list/index.ts";
export { downloadFolder } from "./locations.ts";
export { digestOf, makeDataset } from "./make-dataset.ts";
export { datasetNamed, datasetRegistry, datasets, loadDataset } from "./registry.ts";
export { type BaseSplitOptions, type ForgetOptions, makeBaseSplit, withForgetSet } from "./split.ts";
export type { SplitDataset } from "./split-dataset.ts";
export {
  type Attack,
  attacks,
  poisonDataset,
  type PoisonRequest,
  poisonTruth,
  resolvePoison,
  triggeredTest,
} from "./poison/index.ts";
