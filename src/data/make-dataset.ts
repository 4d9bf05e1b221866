/** From what a reader of files knows to a data set: classes and images chosen, digest computed. */
import { createHash } from "node:crypto";
import { expectInteger } from "../util/assert.ts";
import { defined } from "../util/defined.ts";
import type { ImageShape } from "./batches.ts";
import { keepClasses } from "./class-subset.ts";
import type { DatasetParts, DigestedSet, ImageDataset, LoadOptions, SetParts } from "./dataset.ts";
import { DIGEST_BYTES, imageDigests } from "./image-digest.ts";

/** Keeps `classes` and of them the first `numTrain` and `numTest` images, computes the digest and passes a note of provenance to the log. */
export function makeDataset(all: DatasetParts, options: LoadOptions): ImageDataset {
  const parts = options.classes === undefined ? all : keepClasses(all, options.classes);
  if (parts.provenance !== null) options.log?.(parts.provenance);
  const train = digested(parts, firstRecords("numTrain", parts.train, options.numTrain));
  const test = digested(parts, firstRecords("numTest", parts.test, options.numTest));
  const dataset = { ...parts, numClasses: parts.classNames.length, train, test };
  return { ...dataset, digest: digestOf(dataset) };
}

function firstRecords(option: string, set: SetParts, count = set.labels.length): SetParts & { readonly count: number } {
  const available = set.labels.length;
  expectInteger(option, count, { min: 1, max: available });
  if (count === available) return { ...set, count };
  // Copies, so that the memory of the rest can be freed. (`slice` of a Buffer would be a view.)
  const images = new Uint8Array(set.images.subarray(0, (set.images.length / available) * count));
  const labels = set.labels.subarray(0, count);
  return {
    ...set,
    images,
    labels: new (labels instanceof Uint16Array ? Uint16Array : Uint8Array)(labels),
    count,
    ...defined({ digests: set.digests?.slice(0, count * DIGEST_BYTES) }),
  };
}

function digested(shape: ImageShape, set: SetParts & { readonly count: number }): DigestedSet {
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
