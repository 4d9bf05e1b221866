/**
 * A folder of images as a data set: ROOT/train/CLASS/… and ROOT/test/CLASS/… (or val), as torchvision's ImageFolder reads it.
 *
 * Classes are the folders of the training part in the order of their names; one may be empty, as after its images had to go. Images go round the classes, the first
 * image of each, then the second, so that the first ones of a part are of all classes. Every image is scaled so that its shorter side has the resolution, the middle
 * square of the longer is kept, and what is not 8-bit RGB is made so; all are held in memory as bytes. What is not read is counted and named.
 *
 * Source  normalisation: the means and deviations of ImageNet that torchvision documents for its pre-trained models
 */
import { join, resolve } from "node:path";
import { expectInteger } from "../../util/assert.ts";
import { defined } from "../../util/defined.ts";
import { CoppiceError } from "../../util/errors.ts";
import { classNumbers } from "../class-subset.ts";
import type { DatasetParts, ImageDataset, LoadOptions } from "../dataset.ts";
import { defineDataset } from "../dataset-definition.ts";
import { isFolder, namesIn } from "../locations.ts";
import { makeDataset } from "../make-dataset.ts";
import { checkMemory } from "./check-memory.ts";
import { CHANNELS } from "./decode.ts";
import { plain } from "./left-out.ts";
import { listPart, type PartList, walkPart } from "./list-part.ts";
import { type Findings, findingLines } from "./notes.ts";
import { chooseFiles, findingsOf } from "./part-files.ts";
import { readPart } from "./read-part.ts";
import { ReadProgress } from "./read-progress.ts";
import { listFolder, realPathOf } from "./walk.ts";

const DEFAULT_RESOLUTION = 224;
const MAX_RESOLUTION = 1024;
const layout = "ROOT/train/CLASS/*.jpg and ROOT/test/CLASS/*.jpg";

export const imageFolder = defineDataset({
  name: "folder",
  title: "Image folder",
  description:
    "your own images, in train/CLASS and test/CLASS of the folder that --data-folder names, scaled to --resolution",
  takes: ["folder", "resolution", "applyOrientation"],
  find: findImageFolder,
  load: loadImageFolder,
});

/** The folder, if it has a training part. */
export function findImageFolder(folder?: string): string | undefined {
  if (folder === undefined) return "wherever --data-folder says";
  return isFolder(join(folder, "train")) ? folder : undefined;
}

/**
 * Reads the images under `options.folder`; of each part the first `numTrain` and `numTest` that can be decoded only. Ids are `train/CLASS/…` and `test/CLASS/…`,
 * positions those among all images of the part.
 * @throws CoppiceError E_ARG without a folder or for options out of range; E_DATA when a part is missing or has no images, a class has only images that cannot be
 *   decoded, a file or folder may not be read, or the images are too many for the memory. The reason of `options.signal` when asked to stop
 */
export async function loadImageFolder(options: LoadOptions): Promise<ImageDataset> {
  const { folder, resolution = DEFAULT_RESOLUTION, applyOrientation = false } = options;
  expectInteger("resolution", resolution, { min: 1, max: MAX_RESOLUTION });
  if (folder === undefined) {
    throw new CoppiceError("E_ARG", "folder: expected the folder of the images, got none", {
      hint: `name it with --data-folder; it holds ${layout}`,
    });
  }
  const places = { train: partFolder(folder, ["train"]), test: partFolder(folder, ["test", "val"]) };
  const lists = await listParts(places, options);
  const { classNames } = lists;
  const chosen = chosenClasses(classNames, options);
  const choices = {
    train: { classNames, chosen, count: options.numTrain, only: options.only },
    test: { classNames, chosen, count: options.numTest, only: options.only },
  };
  const trainFiles = chooseFiles("train", lists.train, choices.train);
  const testFiles = chooseFiles("test", lists.test, choices.test);
  checkMemory(folder, resolution, [trainFiles.wanted, testFiles.wanted]);
  const reading = new ReadProgress("reading images", trainFiles.wanted + testFiles.wanted, options);
  const train = await readPart(trainFiles, { resolution, applyOrientation }, reading);
  const test = await readPart(testFiles, { resolution, applyOrientation }, reading);
  const findings = {
    parts: [
      findingsOf(lists.train, trainFiles, choices.train, train),
      findingsOf(lists.test, testFiles, choices.test, test),
    ],
    classNames: chosen.map((number) => classNames[number] ?? ""),
    otherFolders: foldersBeside(folder, places),
    applyOrientation,
  };
  for (const line of findingLines(findings, true)) options.log?.(line);
  return makeDataset(
    partsOf(folder, resolution, findings, { train: train.set, test: test.set }),
    defined({ log: options.log, only: options.only }),
  );
}

interface Places {
  readonly train: string;
  readonly test: string;
}

async function listParts(
  places: Places,
  options: LoadOptions,
): Promise<{ classNames: readonly string[]; train: PartList; test: PartList }> {
  const train = walkPart(places.train);
  const test = walkPart(places.test, train.classNames);
  const looking = new ReadProgress("looking at files", train.fileCount + test.fileCount, options);
  return {
    classNames: train.classNames,
    train: await listPart(train, looking),
    test: await listPart(test, looking),
  };
}

function partsOf(
  folder: string,
  resolution: number,
  findings: Findings,
  sets: Pick<DatasetParts, "train" | "test">,
): DatasetParts {
  return {
    name: "folder",
    channels: CHANNELS,
    height: resolution,
    width: resolution,
    classNames: findings.classNames,
    ...sets,
    verified: false,
    provenance: `${folder}: images of your own, for which no checksums are published`,
    notes: findingLines(findings, false),
    source: resolve(folder),
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    augment: false,
  };
}

function partFolder(root: string, names: readonly string[]): string {
  const found = names.map((name) => join(root, name)).find(isFolder);
  if (found !== undefined) return found;
  const got = isFolder(root)
    ? `a folder of ${namesIn(root).slice(0, 5).map(plain).join(", ") || "nothing"}`
    : "no such folder";
  throw new CoppiceError("E_DATA", `${root}: expected a folder ${names.join(" or ")} in it, got ${got}`, {
    hint: `images are found as ${layout}`,
  });
}

/** Visible folders in `root` that are no part, as `val` beside `test`. */
function foldersBeside(root: string, places: Places): string[] {
  const isPart = (name: string): boolean => Object.values(places).includes(join(root, name));
  return listFolder(root, [realPathOf(root)]).folders.filter((name) => !isPart(name));
}

function chosenClasses(names: readonly string[], { classes: wanted, only }: LoadOptions): readonly number[] {
  const chosen = wanted === undefined ? [...names.keys()] : classNumbers("folder classes", names, wanted);
  if (chosen.length >= 2 || only !== undefined) return chosen;
  throw new CoppiceError("E_DATA", `folder: expected at least two classes to tell apart, got ${chosen.length}`, {
    hint: `every class is a folder of images in the training part: ${layout}`,
  });
}
