/** What a run folder may hold: the names of its files, and whether everything in a folder was put there by Coppice. */
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "../util/errors.ts";
import { temporaryFileOwner, writeError } from "../util/files.ts";
import { hashFileSync } from "../util/hash.ts";
import { isLockFile } from "../util/lock.ts";

export const runFiles = {
  split: "split.json",
  records: "records.json",
  metrics: "metrics.jsonl",
  model: "model.safetensors",
  rewind: "rewind.safetensors",
  checkpoint: "checkpoint.safetensors",
  evaluation: "evaluation.json",
  cleanse: "cleanse.json",
  cleansePage: "cleanse.html",
  report: "report.html",
  record: "run.json",
} as const;
export type RunFile = keyof typeof runFiles;

export const runFolders = {
  /** While the run lasts: what an interrupted one cannot compute again. */
  snapshots: "snapshots",
  /** Of an original: weights after each slice of its shards (SISA). */
  slices: "slices",
  /** Of a run that pruned in rounds: the runs of the earlier ones. */
  rounds: "rounds",
} as const;

/**
 * Everything a stage writes, and so everything `--force` may remove, in this order: the record last, so that what a kill in between leaves is a run
 * still and can be replaced.
 */
export const ownNames: readonly string[] = [...Object.values(runFolders), ...Object.values(runFiles)];

/** What later stages read and the record of a finished run has the hash of, beside those of model, split and listing, which stand elsewhere in it. */
const readLater = [runFiles.metrics, runFiles.rewind] as const;

/** Paths in the run folder `path` of what was not put there by a stage, at most three: other names, and links or folders in the place of files. */
export function foreignIn(path: string, within = ""): string[] {
  const foreign = namesIn(join(path, within)).flatMap((name) => {
    const inside = join(within, name);
    if (isPassing(name)) return [];
    const stats = lstatSync(join(path, inside), { throwIfNoEntry: false });
    if (stats === undefined) return [];
    if (stats.isFile()) return isOwnFile(within, name) ? [] : [inside];
    return stats.isDirectory() && isOwnFolder(within, name) ? foreignIn(path, inside) : [inside];
  });
  return foreign.slice(0, 3);
}

/** The places in a run folder: its top, weights by name, and runs of rounds, which are run folders again. */
function isOwnFile(within: string, name: string): boolean {
  if (isTop(within)) return Object.values<string>(runFiles).includes(name);
  const folder = within.split("/").at(-1);
  return (folder === runFolders.snapshots || folder === runFolders.slices) && name.endsWith(".safetensors");
}

function isOwnFolder(within: string, name: string): boolean {
  if (isTop(within)) return Object.values<string>(runFolders).includes(name);
  return within.split("/").at(-1) === runFolders.rounds && /^round-\d+$/.test(name);
}

function isTop(within: string): boolean {
  return within === "" || /(^|\/)rounds\/round-\d+$/.test(within);
}

/** Locks, and files half written. */
export function isPassing(name: string): boolean {
  return isLockFile(name) || temporaryFileOwner(name) !== undefined;
}

/** SHA-256 of every file in the folder that a later stage may read, but for model, split and listing, by its path in it. */
export function hashesIn(path: string): Record<string, string> {
  const of = (folder: string, end: string): string[] =>
    namesIn(join(path, folder))
      .toSorted()
      .map((name) => `${folder}/${name}${end}`)
      .filter((file) => !isPassing(file.split("/")[1] ?? ""));
  const files = [...readLater, ...of(runFolders.slices, ""), ...of(runFolders.rounds, `/${runFiles.record}`)];
  const there = files.filter((file) => existsSync(join(path, file)));
  return Object.fromEntries(there.map((file) => [file, hashFileSync(join(path, file))]));
}

/** None where there is no folder. @throws CoppiceError E_CONFIG when it cannot be looked into */
export function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw writeError(path, error);
  }
}
