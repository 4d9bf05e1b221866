/** What a data set is to the rest of the library: bytes and labels in memory, and where they came from. No tensors here. */

/** uint8, or uint16 where there are more than 256 classes. */
export type Labels = Uint8Array | Uint16Array;

/** Labelled images of one part (train or test) of a data set. */
export interface ImageSet {
  /** uint8 [N, C, H, W], row-major. */
  readonly images: Uint8Array;
  /** [N], each 0 … numClasses - 1. */
  readonly labels: Labels;
  /** N. */
  readonly count: number;
  /** The lasting name of image `index` (0 … N - 1), as `data_batch_1/123`. */
  readonly ids: (index: number) => string;
  /** Place of image `index` in the whole part, before `classes` and `numTrain`, in the order of the official files or of torchvision's ImageFolder. Absent: `index`. */
  readonly positions?: (index: number) => number;
  /** The image of that id, also where its file is gone (see `alignDataset`). Absent: compare with `ids`. */
  readonly find?: (id: string) => number | undefined;
}

/** With what tells whether an image is still the same, and which images are exact copies of each other. */
export interface DigestedSet extends ImageSet {
  /** uint8 [N, DIGEST_BYTES]: of each image, see `imageDigest`; of an image file from its pixels as decoded, at their own size. */
  readonly digests: Uint8Array;
}

export interface ImageDataset {
  /** Name in the registry. */
  readonly name: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly numClasses: number;
  /** In label order. */
  readonly classNames: readonly string[];
  readonly train: DigestedSet;
  readonly test: DigestedSet;
  /** SHA-256 in hexadecimal of sizes, labels and images, see `digestOf`. */
  readonly digest: string;
  /** Whether every file had its published checksum; generated data always counts as verified. */
  readonly verified: boolean;
  /** Where it was read from, for the record. */
  readonly source: string;
  /** One line for log and record that names the files that are not the published ones, else null. */
  readonly provenance: string | null;
  /** For the record, each a sentence: what of the files was not read, or was changed. Absent: nothing. */
  readonly notes?: readonly string[];
  /** Per channel, of pixel values scaled to 0 … 1: what the model's normalisation layer subtracts and divides by. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Whether training customarily crops and flips these images. */
  readonly augment: boolean;
}

export interface LoadOptions {
  /** Where to look, instead of the usual places. */
  readonly folder?: string;
  /** Use files whose checksum is not the published one; the data set then says so. Default false. */
  readonly allowUnverified?: boolean;
  /** Of the embedded data set: which pictures are drawn, an integer ≥ 0. Default 0. */
  readonly seed?: number;
  /** Images of the training part: the first ones of a data set on disk (default all), as many as wanted of the embedded one. */
  readonly numTrain?: number;
  /** As `numTrain`, of the test part. */
  readonly numTest?: number;
  /** Only these classes, by number or name, renumbered in this order; the counts are then of their images. Default all. */
  readonly classes?: readonly (number | string)[];
  /** Of an image folder: height and width that its images are brought to. Default 224. */
  readonly resolution?: number;
  /** Only the images of these ids, however many; then without `numTrain`, `numTest` and `classes`. */
  readonly only?: (part: "train" | "test", id: string) => boolean;
  /** Of an image folder: turn images as their EXIF orientation says. Default false, as torchvision leaves them. */
  readonly applyOrientation?: boolean;
  /** Told once what is worth knowing of the files: with `provenance` that they are not the published ones, of an image folder what was not read. */
  readonly log?: (message: string) => void;
  /** Told now and then how far reading is, where it takes longer than a second. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Stops the reading: its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** How far the reading of a data set is. */
export interface LoadProgress {
  /** What is being done, as `reading images`. */
  readonly what: string;
  readonly done: number;
  readonly total: number;
  readonly secondsLeft: number;
}

/** A data set as its reader knows it, before counts and digest. */
export type DatasetParts = Omit<ImageDataset, "numClasses" | "train" | "test" | "digest"> & {
  readonly train: SetParts;
  readonly test: SetParts;
};

/** `digests` absent: they are computed from `images`. */
export type SetParts = Omit<ImageSet, "count"> & Partial<Pick<DigestedSet, "digests">>;
