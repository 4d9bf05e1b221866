/** What a data set is before it is loaded: a name, and how to get its images. */
import { checkDefinition, markKind } from "../util/definition.ts";
import { CoppiceError } from "../util/errors.ts";
import type { ImageDataset, LoadOptions } from "./dataset.ts";

/** Options of loading that only some data sets have. */
const ownOptions = ["seed", "resolution", "folder"] as const;

const refusals: Record<(typeof ownOptions)[number], string> = {
  seed: "only the embedded data set is drawn from a seed",
  resolution: "only image folders are scaled; the other data sets keep their size",
  folder: "it is not read from files: leave --data-folder out",
};

export interface DatasetDefinition {
  readonly name: string;
  /** Its proper name. */
  readonly title: string;
  readonly description: string;
  /** Options of loading that it has besides counts, classes and log. Absent: none. */
  readonly takes?: readonly (typeof ownOptions)[number][];
  /** Where it is on this machine, or undefined; its files are not opened. */
  readonly find: (folder?: string) => string | undefined;
  /** Loads it. @throws CoppiceError E_DATA when it is missing, damaged or not the published one, E_ARG for options out of range */
  readonly load: (options: LoadOptions) => ImageDataset | Promise<ImageDataset>;
}

/** For images in memory `inMemoryDataset` is shorter. @throws CoppiceError E_ARG for a definition that lacks something */
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
