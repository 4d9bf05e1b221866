/**
 * A folder of images as a data set: ROOT/train/CLASS/… and ROOT/test/CLASS/… (or val), as torchvision's ImageFolder reads it.
 *
 * Classes are the folders of the training part in the order of their names. Images go round the classes, the first image of each, then the second, so that
 * the first ones of a part are of all classes. Every image is scaled so that its shorter side has the resolution, the middle square of the longer is kept,
 * and what is not 8-bit RGB is made so; all are held in memory as bytes.
 *
 * Source  normalisation: the means and deviations of ImageNet that torchvision documents for its pre-trained models
 */
import { constants } from "node:buffer";
import { totalmem } from "node:os";
import { join, resolve } from "node:path";
import { expectInteger } from "../util/assert.ts";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { classNumbers, labelsFor } from "./class-subset.ts";
import type { DatasetParts, ImageDataset, LoadOptions } from "./dataset.ts";
import { makeDataset } from "./make-dataset.ts";
import { defineDataset } from "./dataset-definition.ts";
import { defined } from "../util/defined.ts";
import { isFolder, namesIn } from "./locations.ts";

const DEFAULT_RESOLUTION = 224;
const MAX_RESOLUTION = 1024;
const CHANNELS = 3;
const IMAGE_FILE = /\.(jpe?g|png|webp|gif|tiff?)$/i;
/** Images decoded at a time. */
const AT_ONCE = 16;
/** Of the machine's memory that images may take; training holds them twice. */
const MEMORY_SHARE = 0.4;
const layout = "ROOT/train/CLASS/*.jpg and ROOT/test/CLASS/*.jpg";

export const imageFolder = defineDataset({
  name: "folder",
  title: "Image folder",
  description:
    "your own images, in train/CLASS and test/CLASS of the folder that --data-folder names, scaled to --resolution",
  takes: ["folder", "resolution"],
  find: findImageFolder,
  load: loadImageFolder,
});

/** The folder, if it has a training part. */
export function findImageFolder(folder?: string): string | undefined {
  if (folder === undefined) return "wherever --data-folder says";
  return isFolder(join(folder, "train")) ? folder : undefined;
}

/**
 * Reads the images under `options.folder`; of each part the first `numTrain` and `numTest` only. Ids are `train/CLASS/FILE` and `test/CLASS/FILE`.
 * @throws CoppiceError E_ARG without a folder or for options out of range; E_DATA when a part or class is missing or empty, an image cannot be read, or they
 *   are too many for the memory
 */
export async function loadImageFolder(options: LoadOptions): Promise<ImageDataset> {
  const { folder, resolution = DEFAULT_RESOLUTION, classes, numTrain, numTest } = options;
  expectInteger("resolution", resolution, { min: 1, max: MAX_RESOLUTION });
  if (folder === undefined) {
    throw new CoppiceError("E_ARG", "folder: expected the folder of the images, got none", {
      hint: `name it with --data-folder; it holds ${layout}`,
    });
  }
  const trainFolder = partFolder(folder, ["train"]);
  const testFolder = partFolder(folder, ["test", "val"]);
  const classNames = chosenClasses(foldersIn(trainFolder), classes);
  const train = firstFiles("numTrain", filesIn(trainFolder, classNames), numTrain);
  const test = firstFiles("numTest", filesIn(testFolder, classNames), numTest);
  checkMemory(folder, resolution, [train.length, test.length]);
  return makeDataset(
    {
      name: "folder",
      channels: CHANNELS,
      height: resolution,
      width: resolution,
      classNames,
      train: await readPart("train", { folder: trainFolder, files: train, classNames, resolution }),
      test: await readPart("test", { folder: testFolder, files: test, classNames, resolution }),
      verified: false,
      provenance: `${folder}: images of your own, for which no checksums are published`,
      source: resolve(folder),
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
      augment: false,
    },
    defined({ log: options.log }),
  );
}

/** An image by the number of its class and its name. */
interface File {
  readonly label: number;
  readonly name: string;
}

function partFolder(root: string, names: readonly string[]): string {
  const found = names.map((name) => join(root, name)).find(isFolder);
  if (found !== undefined) return found;
  const got = isFolder(root) ? `a folder of ${namesIn(root).slice(0, 5).join(", ") || "nothing"}` : "no such folder";
  throw new CoppiceError("E_DATA", `${root}: expected a folder ${names.join(" or ")} in it, got ${got}`, {
    hint: `images are found as ${layout}`,
  });
}

/** Names of the visible sub-folders, by code unit, so that the order is the same everywhere. */
function foldersIn(part: string): string[] {
  return namesIn(part)
    .filter((name) => !name.startsWith(".") && isFolder(join(part, name)))
    .toSorted((a, b) => (a < b ? -1 : 1));
}

function chosenClasses(names: readonly string[], wanted: LoadOptions["classes"]): string[] {
  const chosen =
    wanted === undefined ? names : classNumbers("folder classes", names, wanted).map((i) => names[i] ?? "");
  if (chosen.length >= 2) return [...chosen];
  throw new CoppiceError("E_DATA", `folder: expected at least two classes to tell apart, got ${chosen.length}`, {
    hint: `every class is a folder of images in the training part: ${layout}`,
  });
}

/** The first image of every class, then the second, … */
function filesIn(part: string, classNames: readonly string[]): File[] {
  const byClass = classNames.map((name, label) => {
    const found = namesIn(join(part, name)).filter((file) => !file.startsWith(".") && IMAGE_FILE.test(file));
    if (found.length === 0) {
      const got = isFolder(join(part, name)) ? "none" : "no such folder";
      throw new CoppiceError("E_DATA", `${join(part, name)}: expected images (jpg, png, webp, gif, tiff), got ${got}`, {
        hint: "both parts need images of every class",
      });
    }
    return found.toSorted((a, b) => (a < b ? -1 : 1)).map((file): File => ({ label, name: file }));
  });
  const most = byClass.reduce((max, files) => Math.max(max, files.length), 0);
  return Array.from({ length: most }, (_, i) => byClass.flatMap((files) => files[i] ?? [])).flat();
}

function firstFiles(option: string, files: readonly File[], count = files.length): readonly File[] {
  expectInteger(option, count, { min: 1, max: files.length });
  return files.slice(0, count);
}

function checkMemory(folder: string, resolution: number, counts: readonly number[]): void {
  const bytes = counts.map((count) => count * CHANNELS * resolution * resolution);
  const total = bytes.reduce((sum, each) => sum + each, 0);
  const room = MEMORY_SHARE * totalmem();
  if (total <= room && Math.max(...bytes) <= constants.MAX_LENGTH) return;
  const gibibytes = (count: number): string => `${(count / 2 ** 30).toFixed(1)} GiB`;
  const limit = `at most ${gibibytes(room)} of images, and ${gibibytes(constants.MAX_LENGTH)} in one part`;
  throw new CoppiceError(
    "E_DATA",
    `${folder}: expected ${limit}, got ${gibibytes(total)} at ${resolution}x${resolution}`,
    {
      hint: "images are held in memory: take fewer with --num-train, --num-test or --classes, or a smaller --resolution",
    },
  );
}

interface PartFiles {
  readonly folder: string;
  readonly files: readonly File[];
  readonly classNames: readonly string[];
  readonly resolution: number;
}

async function readPart(
  part: "train" | "test",
  { folder, files, classNames, resolution }: PartFiles,
): Promise<DatasetParts["train"]> {
  const pixels = resolution * resolution;
  const images = new Uint8Array(files.length * CHANNELS * pixels);
  const labels = labelsFor(files.length, classNames.length);
  const className = ({ label }: File): string => classNames[label] ?? "";
  files.forEach(({ label }, i) => (labels[i] = label));
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const some = files.slice(start, start + AT_ONCE);
    const decoded = await Promise.all(some.map((file) => decode(join(folder, className(file), file.name), resolution)));
    decoded.forEach((rgb, i) => toPlanes(rgb, images.subarray((start + i) * CHANNELS * pixels), pixels));
  }
  const ids = files.map((file) => `${part}/${className(file)}/${file.name}`);
  return { images, labels, ids: (index) => ids[index] ?? "" };
}

/** RGB, pixel by pixel: [resolution, resolution, 3]. */
async function decode(path: string, resolution: number): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  try {
    return await sharp(path, { failOn: "error" })
      .resize(resolution, resolution, { fit: "cover", kernel: "linear", fastShrinkOnLoad: false })
      .removeAlpha()
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer();
  } catch (error) {
    throw new CoppiceError("E_DATA", `${path}: expected an image that can be decoded, got ${messageOf(error)}`, {
      hint: "the file is damaged or no image: replace it, or take it out of the folder",
      cause: error,
    });
  }
}

/** From [pixels, 3] to [3, pixels]. */
function toPlanes(rgb: Uint8Array, planes: Uint8Array, pixels: number): void {
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < CHANNELS; channel++) {
      planes[channel * pixels + pixel] = rgb[pixel * CHANNELS + channel] ?? 0;
    }
  }
}
