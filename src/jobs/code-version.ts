/** Which code made a result: a hash of everything that can change a number. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256Hex } from "../util/hash.ts";

/**
 * Rooms that can change a number: `stages` and all that it imports, directly or not; a test computes them. What decides which process does a job, judges
 * its result or shows it is not among them, so that a change there makes no finished training again.
 */
export const roomsOfStages: readonly string[] = [
  "data",
  "detect",
  "evaluate",
  "models",
  "nn",
  "optim",
  "plugins",
  "prune",
  "record",
  "sparse",
  "stages",
  "statistics",
  "torch",
  "train",
  "unlearn",
  "util",
];

/** Where the running code is: `src` or `dist`, beside `native`. */
const root = fileURLToPath(new URL("../", import.meta.url));
const sources = /(\.(ts|js|cc|h|inc)|^CMakeLists\.txt)$/;
/** Declarations are made of the code. */
const derived = /\.d\.ts$/;

const known = new Map<string, string>();

/**
 * SHA-256 of the names and contents of the files of `native`, with the compiler flags in CMakeLists.txt, and `roomsOfStages`; the same as long as the process lives.
 * @param also a folder below `src` outside of those rooms, of a job whose work is done there
 */
export function codeVersion(also?: string): string {
  const folders = ["../native", ...roomsOfStages, ...(also === undefined ? [] : [also])];
  const version = known.get(also ?? "") ?? hashOf(folders);
  known.set(also ?? "", version);
  return version;
}

function hashOf(folders: readonly string[]): string {
  return sha256Hex(
    filesOf(folders)
      .map((path) => `${path.slice(root.length)}\n${sha256Hex(readFileSync(path))}`)
      .join("\n"),
  );
}

/** Absolute paths of the files that count. @param folders below `src` or `dist` */
export function filesOf(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => filesIn(join(root, folder))).sort();
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => sources.test(name) && !derived.test(name))
    .map((name) => join(folder, name));
}
