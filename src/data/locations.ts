/** Where data sets are looked for and kept. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, environmentVariable } from "../util/environment.ts";
import { CoppiceError, systemCode } from "../util/errors.ts";
import { type FileKind, fileKind, readProblem } from "../util/regular-file.ts";

/** Where Debian and Ubuntu install packaged data sets. */
const SYSTEM_FOLDER = "/usr/share/datasets";

/** The folder `coppice data get` fills: `COPPICE_DATA` where set, else one in the user's cache. */
export function downloadFolder(): string {
  return environmentVariable("COPPICE_DATA") ?? join(cacheFolder(), "data");
}

/** The folders to look in, in order: only `folder` where one is named, else the download folder and the distribution's. */
export function dataFolders(folder?: string): string[] {
  return folder === undefined ? [downloadFolder(), SYSTEM_FOLDER] : [folder];
}

/** Every folder a data set may lie in: each of {@link dataFolders} with each of the set's own `subfolders` ("" for the folder itself). */
export function candidateFolders(folder: string | undefined, subfolders: readonly string[]): string[] {
  return dataFolders(folder).flatMap((parent) => subfolders.map((sub) => (sub === "" ? parent : join(parent, sub))));
}

/** The names in `folder`, none where there is no such folder. Throws E_DATA when it cannot be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (leadsNowhere(error)) return [];
    throw unreadable(folder, error);
  }
}

/** What lies at `path`; undefined where nothing does, or a link that leads nowhere. Throws E_DATA when this user may not know. */
export function kindAt(path: string): FileKind | undefined {
  try {
    return fileKind(statSync(path));
  } catch (error) {
    if (leadsNowhere(error)) return undefined;
    throw unreadable(path, error);
  }
}

/** Whether `path` is a folder. Throws as {@link kindAt}. */
export function isFolder(path: string): boolean {
  return kindAt(path) === "folder";
}

function leadsNowhere(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "ELOOP"].includes(systemCode(error) ?? "");
}

function unreadable(path: string, cause: unknown): CoppiceError {
  return new CoppiceError("E_DATA", `${path}: expected a folder that can be read, got ${readProblem(path, cause)}`, {
    hint: "change its permissions, or name another folder",
    cause,
  });
}

/** The error for a data set that is in none of `looked`; `hint` says how to get it. */
export function notFound(title: string, looked: readonly string[], hint: string): CoppiceError {
  return new CoppiceError("E_DATA", `${title}: expected its files in one of ${looked.join(", ")}, got none there`, {
    hint,
  });
}
