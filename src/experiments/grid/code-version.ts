/** Which code made a result: a hash of everything that can change a number. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256Hex } from "../../util/hash.ts";

/**
 * Where the running code is: `src` or `dist`, beside `native`. Reports and the command line change no number, and the grid only decides
 * who does what: what it asks of a stage is in the stage's settings.
 */
const root = fileURLToPath(new URL("../../", import.meta.url));
const folders = [
  "data",
  "evaluate",
  "experiments",
  "models",
  "nn",
  "optim",
  "prune",
  "sparse",
  "torch",
  "train",
  "unlearn",
  "util",
  "../native",
];
const sources = /\.(ts|js|cc|h|inc)$/;
const idle = /experiments[\\/]grid[\\/]/;
/** Declarations are made of the code. */
const derived = /\.d\.ts$/;

let known: string | undefined;

/** SHA-256 of the files' names and contents; the same as long as the process lives. */
export function codeVersion(): string {
  known ??= sha256Hex(
    folders
      .flatMap((folder) => filesIn(join(root, folder)))
      .sort()
      .map((path) => `${path.slice(root.length)}\n${sha256Hex(readFileSync(path))}`)
      .join("\n"),
  );
  return known;
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => sources.test(name) && !derived.test(name))
    .map((name) => join(folder, name))
    .filter((path) => !idle.test(path));
}
