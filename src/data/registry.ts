/** The data sets there are. A new one adds its file and a line here. */
import { nearest } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { findCifar10, loadCifar10 } from "./cifar10.ts";
import type { ImageDataset, LoadOptions } from "./dataset.ts";
import { generateEmbedded } from "./embedded.ts";
import { fashionMnist } from "./fashion-mnist.ts";
import { findImageFolder, loadImageFolder } from "./image-folder.ts";
import { findIdxDataset, type IdxDatasetSpec, loadIdxDataset } from "./idx-dataset.ts";
import { mnist } from "./mnist.ts";

export interface DatasetInfo {
  readonly name: string;
  /** Its proper name. */
  readonly title: string;
  readonly description: string;
  /** Where it is on this machine, or undefined; its files are not opened. */
  readonly find: (folder?: string) => string | undefined;
  /** Loads it; throws E_DATA when it is missing, damaged or not the published one, E_ARG for options out of range. */
  readonly load: (options?: LoadOptions) => Promise<ImageDataset>;
}

export const datasets: readonly DatasetInfo[] = [
  {
    name: "cifar10",
    title: "CIFAR-10",
    description:
      "colour photographs of ten kinds of animals and vehicles, 32x32, 50,000 for training and 10,000 for testing",
    find: findCifar10,
    load: async (options = {}) => loadCifar10(asRead("cifar10", options)),
  },
  idxEntry(fashionMnist, "grey pictures of ten kinds of clothes, 28x28, 60,000 for training and 10,000 for testing"),
  idxEntry(mnist, "grey pictures of handwritten digits, 28x28, 60,000 for training and 10,000 for testing"),
  {
    name: "embedded",
    title: "Embedded shapes",
    description:
      "colour pictures of ten shapes, 32x32, drawn from a seed: 10,000 for training and 2,000 for testing, or as many as wanted",
    find: () => "drawn, needs no files",
    load: async (options = {}) => generateEmbedded(unscaled("embedded", options)),
  },
  {
    name: "folder",
    title: "Image folder",
    description:
      "images of your own in train/CLASS and test/CLASS of the folder that --data-folder names, scaled to --resolution",
    find: findImageFolder,
    load: async (options = {}) => loadImageFolder(unseeded("folder", options)),
  },
];

/** The entry called `name`. Throws E_ARG with the nearest name. */
export function datasetNamed(name: string): DatasetInfo {
  const found = datasets.find((entry) => entry.name === name);
  if (found !== undefined) return found;
  const names = datasets.map((entry) => entry.name);
  const near = nearest(name, names);
  throw new CoppiceError("E_ARG", `data set: expected one of ${names.join(", ")}, got ${JSON.stringify(name)}`, {
    ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
  });
}

/** Loads the data set called `name`. */
export async function loadDataset(name: string, options: LoadOptions = {}): Promise<ImageDataset> {
  return datasetNamed(name).load(options);
}

function idxEntry(spec: IdxDatasetSpec, description: string): DatasetInfo {
  return {
    name: spec.name,
    title: spec.title,
    description,
    find: (folder) => findIdxDataset(spec, folder),
    load: async (options = {}) => loadIdxDataset(spec, asRead(spec.name, options)),
  };
}

function asRead(name: string, options: LoadOptions): LoadOptions {
  return unscaled(name, unseeded(name, options));
}

/** A seed means nothing to files, and is refused rather than passed over. */
function unseeded(name: string, options: LoadOptions): LoadOptions {
  if (options.seed === undefined) return options;
  throw new CoppiceError("E_ARG", `${name}: expected no seed, got ${options.seed}`, {
    hint: "only the embedded data set is drawn from a seed",
  });
}

/** Likewise a resolution to images that are all of one size. */
function unscaled(name: string, options: LoadOptions): LoadOptions {
  if (options.resolution === undefined) return options;
  throw new CoppiceError("E_ARG", `${name}: expected no resolution, got ${options.resolution}`, {
    hint: "only image folders are scaled; the other data sets keep their size",
  });
}
