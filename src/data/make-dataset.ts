/** From what a reader of files knows to a data set: classes and images chosen, digest computed. */
import { createHash } from "node:crypto";
import { expectInteger } from "../util/assert.ts";
import { defined } from "../util/defined.ts";
import { sha256Hex } from "../util/hash.ts";
import type { ImageShape } from "./batches.ts";
import { keepClasses } from "./class-subset.ts";
import type { DatasetParts, DigestedSet, ImageDataset, LoadOptions, SetParts } from "./dataset.ts";
import { DIGEST_BYTES, imageDigests } from "./image-digest.ts";
import { partDigest } from "./listing.ts";

/** Keeps what `options` ask for, `only`, or `classes` and of them the first `numTrain` and `numTest` images; computes the digest and passes a note of provenance to the log. */
export function makeDataset(all: DatasetParts, options: LoadOptions): ImageDataset {
  const { classes, only, numTrain, numTest } = options;
  const parts = classes === undefined ? all : keepClasses(all, classes);
  if (parts.provenance !== null) options.log?.(parts.provenance);
  const train = only ? onlyRecords("train", parts.train, only) : firstRecords("numTrain", parts.train, numTrain);
  const test = only ? onlyRecords("test", parts.test, only) : firstRecords("numTest", parts.test, numTest);
  const sets = { train: digested(parts, train), test: digested(parts, test) };
  const dataset = { ...parts, numClasses: parts.classNames.length, ...sets };
  const ownSize = parts.train.digests !== undefined && parts.test.digests !== undefined;
  return { ...dataset, digest: ownSize ? digestOfRecords(dataset) : digestOf(dataset) };
}

type CountedSet = SetParts & { readonly count: number };

function onlyRecords(part: "train" | "test", set: SetParts, only: NonNullable<LoadOptions["only"]>): CountedSet {
  const kept = [...set.labels.keys()].filter((index) => only(part, set.ids(index)));
  return { ...recordsAt(set, kept), count: kept.length };
}

function firstRecords(option: string, set: SetParts, count = set.labels.length): CountedSet {
  const available = set.labels.length;
  expectInteger(option, count, { min: 1, max: available });
  if (count === available) return { ...set, count };
  return { ...recordsAt(set, [...set.labels.subarray(0, count).keys()]), count };
}

/** The images at `indices`, in that order; copies, so that the memory of the rest can be freed. */
function recordsAt(set: SetParts, indices: readonly number[]): SetParts {
  const { images, labels, ids, positions, digests } = set;
  const bytes = labels.length === 0 ? 0 : images.length / labels.length;
  const rows = (from: Uint8Array, size: number): Uint8Array => {
    const chosen = new Uint8Array(indices.length * size);
    indices.forEach((index, i) => chosen.set(from.subarray(index * size, (index + 1) * size), i * size));
    return chosen;
  };
  const at = (index: number): number => indices[index] ?? -1;
  const chosen = indices.map((index) => labels[index] ?? 0);
  return {
    images: rows(images, bytes),
    labels: labels instanceof Uint16Array ? Uint16Array.from(chosen) : Uint8Array.from(chosen),
    ids: (index) => ids(at(index)),
    positions: (index) => positions?.(at(index)) ?? at(index),
    ...defined({ digests: digests && rows(digests, DIGEST_BYTES) }),
  };
}

function digested(shape: ImageShape, set: CountedSet): DigestedSet {
  return { ...set, digests: set.digests ?? imageDigests(shape, set.images) };
}

/**
 * SHA-256 in hexadecimal of the line `<C>x<H>x<W> <train count> <test count>\n` and the bytes of train labels, train images, test
 * labels and test images: equal for equal pixels, labels and order, wherever they were read from.
 */
export function digestOf(dataset: Pick<ImageDataset, "channels" | "height" | "width" | "train" | "test">): string {
  const { channels, height, width, train, test } = dataset;
  return createHash("sha256")
    .update(`${channels}x${height}x${width} ${train.count} ${test.count}\n`)
    .update(train.labels)
    .update(train.images)
    .update(test.labels)
    .update(test.images)
    .digest("hex");
}

/**
 * As `digestOf`, with the digests of the images for their pixels: of images that were brought to another size, which depends on how that is done, while
 * their digests are of what stands in the files.
 */
export function digestOfRecords(
  dataset: Pick<ImageDataset, "channels" | "height" | "width" | "train" | "test">,
): string {
  const { channels, height, width, train, test } = dataset;
  const parts = [partDigest(train), partDigest(test)];
  return sha256Hex(`digests of images, ${channels}x${height}x${width} ${parts.join(" ")}\n`);
}
