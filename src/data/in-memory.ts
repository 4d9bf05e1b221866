/** A data set of images that are in memory: the shortest way to use data of your own. */
import { expectInteger } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { labelsFor } from "./class-subset.ts";
import type { ImageSet } from "./dataset.ts";
import { makeDataset } from "./make-dataset.ts";
import { type DatasetDefinition, defineDataset } from "./dataset-definition.ts";

export interface ImageRecord {
  /** Its lasting name, by which it is asked to be forgotten; another one for each image of a part. */
  readonly id: string;
  /** uint8 [C, H, W], row-major, 0 to 255. */
  readonly image: Uint8Array;
  /** 0 … number of classes - 1. */
  readonly label: number;
}

export interface InMemoryImages {
  readonly name: string;
  /** Default the name. */
  readonly title?: string;
  readonly description: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** In label order. */
  readonly classNames: readonly string[];
  readonly train: readonly ImageRecord[];
  readonly test: readonly ImageRecord[];
  /** Whether training crops and flips the images. Default false. */
  readonly augment?: boolean;
}

/**
 * What the model's normalisation subtracts and divides by is measured on the training images.
 * @throws CoppiceError E_ARG for a part without images, an image of another size, a label out of range, an id that is there twice
 * @example
 * import { inMemoryDataset } from "coppice";
 *
 * const image = (value: number) => new Uint8Array(64).fill(value);
 * const shades = inMemoryDataset({
 *   name: "shades",
 *   description: "dark and bright squares, 8x8",
 *   channels: 1,
 *   height: 8,
 *   width: 8,
 *   classNames: ["dark", "bright"],
 *   train: Array.from({ length: 100 }, (_, i) => ({ id: `photo-${i}`, image: image(i % 2 === 0 ? 60 + i : 195 - i), label: i % 2 })),
 *   test: [{ id: "t0", image: image(30), label: 0 }, { id: "t1", image: image(220), label: 1 }],
 * });
 */
export function inMemoryDataset(images: InMemoryImages): DatasetDefinition {
  const { name, title = name, description, channels, height, width, classNames, augment = false } = images;
  for (const [field, value] of Object.entries({ channels, height, width })) {
    expectInteger(`${name}: ${field}`, value, { min: 1 });
  }
  const train = pack("train", images);
  const test = pack("test", images);
  const parts = {
    name,
    channels,
    height,
    width,
    classNames,
    train,
    test,
    augment,
    ...pixelStatistics(train, channels),
  };
  return defineDataset({
    name,
    title,
    description,
    find: () => "in memory, needs no files",
    load: (options) => makeDataset({ ...parts, verified: true, source: "in memory", provenance: null }, options),
  });
}

function pack(part: "train" | "test", images: InMemoryImages): Omit<ImageSet, "count"> {
  const { name, channels, height, width, classNames } = images;
  const own = images[part];
  if (own.length === 0) throw fault(`${name}: ${part}`, "at least one image", "none");
  const size = channels * height * width;
  const bytes = new Uint8Array(own.length * size);
  const labels = labelsFor(own.length, classNames.length);
  const ids = new Set<string>();
  own.forEach(({ id, image, label }, i) => {
    const where = `${name}: ${part} image ${id}`;
    if (image.length !== size)
      throw fault(where, `an image of ${size} bytes (${channels}x${height}x${width})`, `one of ${image.length}`);
    expectInteger(`${where}: label`, label, { min: 0, max: classNames.length - 1 });
    if (ids.has(id)) throw fault(where, "each id once", "it twice");
    ids.add(id);
    bytes.set(image, i * size);
    labels[i] = label;
  });
  const names = [...ids];
  return { images: bytes, labels, ids: (index) => names[index] ?? "" };
}

/** Of every channel, of pixel values scaled to 0 … 1. A channel that is the same everywhere is divided by 1. */
function pixelStatistics(
  { images, labels }: Omit<ImageSet, "count">,
  channels: number,
): Record<"mean" | "std", number[]> {
  const area = images.length / labels.length / channels;
  const [sums, squares] = [new Float64Array(channels), new Float64Array(channels)];
  images.forEach((value, i) => {
    const channel = Math.floor(i / area) % channels;
    sums[channel] = (sums[channel] ?? 0) + value / 255;
    squares[channel] = (squares[channel] ?? 0) + (value / 255) ** 2;
  });
  const count = area * labels.length;
  const mean = Array.from(sums, (sum) => sum / count);
  const variance = mean.map((value, channel) => Math.max(0, (squares[channel] ?? 0) / count - value ** 2));
  return { mean, std: variance.map((value) => (value < 1e-12 ? 1 : Math.sqrt(value))) };
}

function fault(where: string, expected: string, got: string): CoppiceError {
  return new CoppiceError("E_ARG", `${where}: expected ${expected}, got ${got}`);
}
