/**
 * CIFAR-10, binary version: 50,000 and 10,000 colour photographs of 32x32 in ten classes.
 *
 * Source  A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009; https://www.cs.toronto.edu/~kriz/cifar.html
 */
import { join } from "node:path";
import { verify } from "./checksum.ts";
import {
  ARCHIVE_NAME,
  cifar10Classes,
  type Cifar10Layout,
  cifar10Layout,
  FOLDER_NAME,
  readArchive,
  readFolder,
} from "./cifar10-files.ts";
import { IMAGE_BYTES, type RecordTarget } from "./cifar10-records.ts";
import type { ImageDataset, LoadOptions } from "./dataset.ts";
import { makeDataset } from "./make-dataset.ts";
import { defineDataset } from "./dataset-definition.ts";
import { candidateFolders, isFolder, kindAt, namesIn, notFound } from "./locations.ts";

const TITLE = "CIFAR-10";
const SUBFOLDERS = ["cifar10", "cifar-10", ""];

export const cifar10 = defineDataset({
  name: "cifar10",
  title: TITLE,
  description:
    "colour photographs of ten kinds of animals and vehicles, 32x32, 50,000 for training and 10,000 for testing",
  takes: ["folder"],
  numbered: true,
  find: findCifar10,
  load: (options) => loadCifar10(options),
});

/** The archive or the extracted folder, or undefined where there is neither. `folder` may also be the archive itself. */
export function findCifar10(folder?: string): string | undefined {
  if (folder !== undefined && kindAt(folder) === "file") return folder;
  for (const place of candidateFolders(folder, SUBFOLDERS)) {
    const names = namesIn(place);
    if (names.includes(ARCHIVE_NAME)) return join(place, ARCHIVE_NAME);
    if (names.includes(FOLDER_NAME)) return join(place, FOLDER_NAME);
    if (names.some((name) => /^(data|test)_batch.*\.bin$/.test(name))) return place;
  }
  return undefined;
}

/**
 * Reads CIFAR-10 from the archive or folder that {@link findCifar10} finds. Ids are `data_batch_1/123` and `test_batch/7`,
 * images counted from 0. Throws E_DATA when it is not found, damaged, or not the published one (unless `allowUnverified`).
 */
export async function loadCifar10(
  options: LoadOptions = {},
  layout: Cifar10Layout = cifar10Layout,
): Promise<ImageDataset> {
  const source = findCifar10(options.folder);
  if (source === undefined) {
    const how = `run \`coppice data get cifar10\`, or name the folder that holds ${ARCHIVE_NAME} with --data-folder`;
    throw notFound(TITLE, candidateFolders(options.folder, SUBFOLDERS), how);
  }
  const { recordsPerFile, files } = layout;
  const train = allocate((files.length - 1) * recordsPerFile);
  const test = allocate(recordsPerFile);
  const targets = new Map(
    files.map(({ name }, i) => [name, i < files.length - 1 ? slice(train, i * recordsPerFile, recordsPerFile) : test]),
  );
  const read = isFolder(source) ? readFolder : readArchive;
  const checks = await read(source, layout, targets);
  const trainId = (i: number): string => `data_batch_${Math.floor(i / recordsPerFile) + 1}/${i % recordsPerFile}`;
  return makeDataset(
    {
      name: "cifar10",
      channels: 3,
      height: 32,
      width: 32,
      classNames: cifar10Classes,
      train: { ...train, ids: trainId },
      test: { ...test, ids: (i) => `test_batch/${i}` },
      ...verify(TITLE, checks, options.allowUnverified),
      source,
      mean: [0.4914, 0.4822, 0.4465],
      std: [0.247, 0.2435, 0.2616],
      augment: true,
    },
    options,
  );
}

function allocate(count: number): RecordTarget {
  return { labels: new Uint8Array(count), images: new Uint8Array(count * IMAGE_BYTES) };
}

function slice(part: RecordTarget, start: number, count: number): RecordTarget {
  return {
    labels: part.labels.subarray(start, start + count),
    images: part.images.subarray(start * IMAGE_BYTES, (start + count) * IMAGE_BYTES),
  };
}
