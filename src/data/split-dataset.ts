import type { ImageDataset, ImageSet } from "./dataset.ts";

/** What a split needs of a data set: everything but images. */
export interface SplitDataset extends Pick<ImageDataset, "name" | "digest" | "numClasses" | "classNames"> {
  readonly train: Pick<ImageSet, "labels" | "ids" | "positions" | "find">;
  readonly test: Pick<ImageSet, "labels" | "ids" | "find">;
}
