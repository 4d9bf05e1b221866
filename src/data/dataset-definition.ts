/** What a data set is before it is loaded: a name, and how to get its images. */
import { checkDefinition, markKind } from "../util/definition.ts";
import { CoppiceError } from "../util/errors.ts";
import type { ImageDataset, LoadOptions } from "./dataset.ts";

/** Options of loading that only some data sets have. */
const ownOptions = ["seed", "resolution", "applyOrientation", "folder"] as const;

const refusals: Record<(typeof ownOptions)[number], string> = {
  seed: "only the embedded data set is drawn from a seed",
  resolution: "only image folders are scaled; the other data sets keep their size",
  applyOrientation: "only files of image folders have an EXIF orientation",
  folder: "it is not read from files: leave --data-folder out",
};

export interface DatasetDefinition {
  readonly name: string;
  /** Its proper name. */
  readonly title: string;
  readonly description: string;
  /** Options of loading that it has besides counts, classes and log. Absent: none. */
  readonly takes?: readonly (typeof ownOptions)[number][];
  /** Its images are numbered and never come or go: published files, or drawn from a seed. Absent: they are told by their ids alone, and may be moved, added and deleted. */
  readonly numbered?: boolean;
  /** Where it is on this machine, or undefined; its files are not opened. */
  readonly find: (folder?: string) => string | undefined;
  /** Loads it. @throws CoppiceError E_DATA when it is missing, damaged or not the published one, E_ARG for options out of range */
  readonly load: (options: LoadOptions) => ImageDataset | Promise<ImageDataset>;
}

/**
 * A data set of your own, wherever its bytes come from. For images in memory `inMemoryDataset` is shorter.
 * @throws CoppiceError E_ARG for a definition that lacks something
 * @example
 * import { defineDataset } from "coppice";
 * import { makeDataset } from "coppice/data";
 *
 * const stripes = defineDataset({
 *   name: "stripes",
 *   title: "Stripes",
 *   description: "dark and bright rows, 1x2",
 *   find: () => "made, needs no files",
 *   load: (options) => {
 *     const part = { images: new Uint8Array([0, 9, 250, 240]), labels: new Uint8Array([0, 1]), ids: (index: number) => `row-${index}` };
 *     const about = { channels: 1, height: 1, width: 2, classNames: ["dark", "bright"], mean: [0.5], std: [0.5], augment: false };
 *     const origin = { verified: true, source: "made", provenance: null };
 *     return makeDataset({ name: "stripes", ...about, ...origin, train: part, test: part }, options);
 *   },
 * });
 * console.log((await stripes.load({})).train.count); // 2
 */
export function defineDataset(definition: DatasetDefinition): DatasetDefinition {
  checkDatasetDefinition(definition);
  return markKind("dataset", definition);
}

/** @throws CoppiceError E_ARG for a definition that lacks something */
export function checkDatasetDefinition(definition: DatasetDefinition): void {
  checkDefinition("data set", definition, {
    title: "text",
    description: "text",
    takes: "object?",
    find: "function",
    load: "function",
  });
}

/** An option that would do nothing is refused rather than passed over. @throws CoppiceError E_ARG */
export function checkLoadOptions({ name, takes = [] }: DatasetDefinition, options: LoadOptions): void {
  for (const option of ownOptions) {
    const value = options[option];
    if (value === undefined || takes.includes(option)) continue;
    const got = typeof value === "string" ? JSON.stringify(value) : value;
    throw new CoppiceError("E_ARG", `${name}: expected no ${option}, got ${got}`, { hint: refusals[option] });
  }
}
