import type { ImageDataset, ImageSet } from "./dataset.ts";

/** What a split needs of a data set: everything but images and test ids. */
export interface SplitDataset extends Pick<ImageDataset, "name" | "digest" | "numClasses" | "classNames"> {
  readonly train: Pick<ImageSet, "labels" | "ids" | "find">;
  readonly test: Pick<ImageSet, "labels">;
}
