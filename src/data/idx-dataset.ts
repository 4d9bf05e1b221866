/** Data sets in MNIST's layout: four IDX files of 28x28 grey images and labels 0 to 9. */
import { join } from "node:path";
import { CoppiceError } from "../util/errors.ts";
import { type FileCheck, verify } from "./checksum.ts";
import type { ImageDataset, ImageSet, LoadOptions } from "./dataset.ts";
import { makeDataset } from "./make-dataset.ts";
import { type DatasetDefinition, defineDataset } from "./dataset-definition.ts";
import { readIdx } from "./idx.ts";
import { candidateFolders, namesIn, notFound } from "./locations.ts";

const IMAGE_SIZE = 28;
const NUM_CLASSES = 10;

/** The four files in the order they are read, without ".gz". */
export const idxFiles = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
] as const;

export type IdxFileName = (typeof idxFiles)[number];

export interface IdxDatasetSpec {
  readonly name: string;
  readonly title: string;
  readonly classNames: readonly string[];
  /** Where the files lie under a data folder; "" for the folder itself. */
  readonly subfolders: readonly string[];
  /** MD5 of the decompressed content: distributions repack the .gz files. */
  readonly md5: Readonly<Record<IdxFileName, string>>;
  readonly mean: number;
  readonly std: number;
  /** How to get it, for the error when it is nowhere. */
  readonly hint: string;
}

export function idxDataset(spec: IdxDatasetSpec, description: string): DatasetDefinition {
  return defineDataset({
    name: spec.name,
    title: spec.title,
    description,
    takes: ["folder"],
    numbered: true,
    find: (folder) => findIdxDataset(spec, folder),
    load: (options) => loadIdxDataset(spec, options),
  });
}

/** The folder that has (some of) the four files, or undefined. */
export function findIdxDataset(spec: IdxDatasetSpec, folder?: string): string | undefined {
  return candidateFolders(folder, spec.subfolders).find((place) => {
    const names = namesIn(place);
    return idxFiles.some((file) => nameOnDisk(names, file) !== undefined);
  });
}

/**
 * Reads the four files. Ids are `train/123` and `t10k/123`, counted from 0. Throws E_DATA when they are not found, damaged, do not
 * fit together, or are not the published ones (unless `allowUnverified`).
 */
export async function loadIdxDataset(spec: IdxDatasetSpec, options: LoadOptions): Promise<ImageDataset> {
  const folder = findIdxDataset(spec, options.folder);
  if (folder === undefined) throw notFound(spec.title, candidateFolders(options.folder, spec.subfolders), spec.hint);
  const names = namesIn(folder);
  const checks: FileCheck[] = [];
  const read = async (file: IdxFileName, numSizes: number): Promise<Part> => {
    const name = nameOnDisk(names, file);
    if (name === undefined) {
      throw new CoppiceError("E_DATA", `${folder}: expected ${file} or ${file}.gz in it, got neither`, {
        hint: spec.hint,
      });
    }
    const { md5, ...content } = await readIdx(join(folder, name), numSizes);
    checks.push({ path: join(folder, name), expectedMd5: spec.md5[file], foundMd5: md5 });
    return { ...content, path: join(folder, name) };
  };
  const train = pair("train", await read(idxFiles[0], 3), await read(idxFiles[1], 1));
  const test = pair("t10k", await read(idxFiles[2], 3), await read(idxFiles[3], 1));
  const { name, title, classNames, mean, std } = spec;
  const shape = { channels: 1, height: IMAGE_SIZE, width: IMAGE_SIZE };
  const verdict = verify(title, checks, options.allowUnverified);
  const normalisation = { mean: [mean], std: [std] };
  return makeDataset(
    { name, classNames, ...shape, train, test, ...verdict, source: folder, ...normalisation, augment: false },
    options,
  );
}

interface Part {
  readonly path: string;
  readonly sizes: readonly number[];
  readonly data: Uint8Array;
}

/** Names as published, with dots for dashes as some unpackers write them, and each with .gz. */
function nameOnDisk(names: readonly string[], file: IdxFileName): string | undefined {
  const dotted = file.replace("-idx", ".idx");
  return [file, `${file}.gz`, dotted, `${dotted}.gz`].find((name) => names.includes(name));
}

function pair(prefix: string, images: Part, labels: Part): Omit<ImageSet, "count"> {
  const [count = 0, height, width] = images.sizes;
  if (height !== IMAGE_SIZE || width !== IMAGE_SIZE) {
    throw fault(images, `images of ${IMAGE_SIZE}x${IMAGE_SIZE}`, `${height}x${width}`);
  }
  if (count === 0) throw fault(images, "at least one image", "none");
  if (labels.sizes[0] !== count) throw fault(labels, `${count} labels, one for each image`, String(labels.sizes[0]));
  const wrong = labels.data.findIndex((label) => label >= NUM_CLASSES);
  if (wrong >= 0) throw fault(labels, "labels 0 to 9", `${labels.data[wrong]} of image ${wrong}`);
  return { images: images.data, labels: labels.data, ids: (index) => `${prefix}/${index}` };
}

function fault(part: Part, expected: string, got: string): CoppiceError {
  const hint = "the file is damaged or belongs to another data set: get it again";
  return new CoppiceError("E_DATA", `${part.path}: expected ${expected}, got ${got}`, { hint });
}
