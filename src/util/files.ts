/** Files that survive a crash: written whole or not at all, read with errors that say what is wrong. */
import { defined } from "./defined.ts";
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { basename, dirname, join, resolve } from "node:path";
import type { ZodType } from "zod";
import { CoppiceError, type ErrorCode, messageOf, systemCode } from "./errors.ts";
import { fileKind, readRegularFile, regularFileSize } from "./regular-file.ts";
import { jsonText } from "./json-text.ts";
import { schemaProblems } from "./schema-problems.ts";

/** Content of a file, whole or in pieces that are produced while it is written. Strings are written as UTF-8. */
export type FileContent = string | Uint8Array | Iterable<string | Uint8Array>;

/**
 * Replaces `path` by `content`: a temporary file in the same folder is written, flushed to disk and renamed, then the folder is
 * flushed. Whatever goes wrong, an earlier file at `path` stays as it was and the temporary one is removed.
 * Throws E_CONFIG when the place cannot be written (full, read-only, missing, not permitted, a device).
 */
export function writeFileAtomic(path: string, content: FileContent): void {
  const temporary = temporaryName(path);
  try {
    refuseSpecial(path);
    const file = openSync(temporary, "w");
    try {
      writeContent(file, content);
      fsyncSync(file);
      renameSync(temporary, path);
    } catch (error) {
      unlinkSync(temporary);
      throw error;
    } finally {
      closeSync(file);
    }
    flushFolder(dirname(path));
  } catch (error) {
    throw writeError(path, error);
  }
}

/** Renaming would put a file in the place of a device or a pipe, whoever else uses it. */
function refuseSpecial(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  const kind = found === undefined ? "file" : fileKind(found);
  if (kind === "file" || kind === "folder") return; // the system refuses a folder
  throw new CoppiceError("E_CONFIG", `${path}: expected a place to write to, got a ${kind}`, {
    hint: "choose another file",
  });
}

/**
 * Makes the file `path` with its content, both at once, so that nobody ever finds it half written; several processes may try at the same time.
 * @returns whether this call made it; false when it was there
 * @throws CoppiceError E_CONFIG when it cannot be written; then nothing is left
 */
export function createExclusively(path: string, content: string): boolean {
  const temporary = temporaryName(path, `.${randomBytes(6).toString("hex")}`);
  try {
    writeNew(temporary, content);
    try {
      if (!linked(temporary, path)) writeNew(path, content);
      return true;
    } finally {
      unlinkSync(temporary);
    }
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw writeError(path, error);
  }
}

/** False on a file system without hard links. @throws Node's EEXIST when `path` is there */
function linked(temporary: string, path: string): boolean {
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(systemCode(error) ?? "")) throw error;
    return false;
  }
}

/** @throws Node's EEXIST when `path` is there; where writing fails, what was begun is removed */
function writeNew(path: string, content: string): void {
  const file = openSync(path, "wx");
  try {
    writeContent(file, content);
    fsyncSync(file);
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Writes `value` as a JSON file for people and programs: indented by two, with a line end. Throws as {@link writeFileAtomic}. */
export function writeJson(path: string, value: unknown): void {
  writeFileAtomic(path, `${jsonText(value, 2)}\n`);
}

/**
 * Makes the folder and those above it, where they are not there. (Node's own way may try for ever where a system refuses, as in `/proc`.)
 * Throws as {@link writeFileAtomic}; then none of them is left.
 * @returns those that this call made, the outermost first
 */
export function makeFolder(path: string): string[] {
  const made: string[] = [];
  try {
    for (const folder of missingFolders(resolve(path)).toReversed()) if (makeOne(folder)) made.push(folder);
    return made;
  } catch (error) {
    removeFolders(made);
    throw writeError(path, error);
  }
}

/** Removes those of the folders that are empty: what {@link makeFolder} made and nobody has used since. */
export function removeFolders(made: readonly string[]): void {
  for (const folder of made.toReversed()) {
    try {
      rmdirSync(folder);
    } catch (error) {
      if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(systemCode(error) ?? "")) throw error;
    }
  }
}

/** The innermost first; none for a folder that is there. @throws Node's ENOTDIR for a path through a file */
function missingFolders(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return [];
  if (found !== undefined) throw Object.assign(new Error("not a folder"), { code: "ENOTDIR" });
  return dirname(path) === path ? [path] : [path, ...missingFolders(dirname(path))];
}

/** @returns false when another process was faster */
function makeOne(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST" && statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true)
      return false;
    throw error;
  }
}

/** Adds `line` and a line end to the file, which is made if there is none. Throws as {@link writeFileAtomic}. */
export function appendLine(path: string, line: string): void {
  try {
    appendFileSync(path, `${line}\n`);
  } catch (error) {
    throw writeError(path, error);
  }
}

/**
 * The value in a JSON file, checked by `schema` where given. Throws `code` (E_CHECKPOINT unless said otherwise) when the file is
 * missing, is not JSON, or does not fit the schema; the message names the first places that do not.
 */
export function readJson(path: string): unknown;
export function readJson<T>(path: string, schema: ZodType<T>, code?: ErrorCode): T;
export function readJson<T>(path: string, schema?: ZodType<T>, code: ErrorCode = "E_CHECKPOINT"): unknown {
  const text = readText(path, code);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CoppiceError(code, `${path}: expected JSON, got ${messageOf(error)}`, {
      hint: "the file is damaged: restore it, or make it again",
      cause: error,
    });
  }
  if (schema === undefined) return value;
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  throw new CoppiceError(code, `${path}: expected a file of the documented form, got ${schemaProblems(checked.error)}`);
}

/** Far above any list or record, and far below what a string can hold. */
const MOST_TEXT_BYTES = 2 ** 28;

/** A regular text file (UTF-8, a byte order mark dropped) of at most 256 MiB. Throws `code` when it cannot be read. */
export function readText(path: string, code: ErrorCode): string {
  const size = regularFileSize(path, code);
  if (size > MOST_TEXT_BYTES) {
    const most = `${MOST_TEXT_BYTES / 2 ** 20} MiB`;
    throw new CoppiceError(code, `${path}: expected a text file of at most ${most}, got one of ${size} bytes`);
  }
  return readRegularFile(path, code)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
}

/** Removes the temporary files that killed processes have left in the folder; those of a living one (a page being written, say) stay. */
export function removeLeftOvers(folder: string, isAlive: (pid: number) => boolean, names: readonly string[]): void {
  for (const name of names) {
    const owner = temporaryFileOwner(name);
    if (owner !== undefined && !isAlive(owner)) rmSync(join(folder, name), { force: true });
  }
}

/** The process that left a temporary file of this module behind, or undefined when `name` is no such file. */
export function temporaryFileOwner(name: string): number | undefined {
  const pid = /^\..+\.(\d+)\.tmp$/.exec(name)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

function temporaryName(path: string, unique = ""): string {
  return join(dirname(path), `.${basename(path)}${unique}.${process.pid}.tmp`);
}

function writeContent(file: number, content: FileContent): void {
  const pieces = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
  for (const piece of pieces) {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    for (let done = 0; done < bytes.byteLength;) done += writeSync(file, bytes, done);
  }
}

/** Makes the renaming itself durable. Some network file systems cannot flush a folder and say EINVAL. */
function flushFolder(folder: string): void {
  const file = openSync(folder, "r");
  try {
    fsyncSync(file);
  } catch (error) {
    if (systemCode(error) !== "EINVAL") throw error;
  } finally {
    closeSync(file);
  }
}

const writeProblems = new Map([
  ["ENOSPC", ["a full disk", "free some space on it, or choose another folder"]],
  ["EDQUOT", ["a used-up disk quota", "free some space, or choose another folder"]],
  ["EROFS", ["a read-only file system", "choose a folder on another one"]],
  ["EACCES", ["a folder this user may not write to", "change its permissions, or choose another folder"]],
  ["EPERM", ["a folder this user may not write to", "change its permissions, or choose another folder"]],
  ["ENOTDIR", ["a path through something that is not a folder", "choose another folder"]],
  ["EEXIST", ["a link that leads nowhere, or a file, in the place of a folder", "choose another folder"]],
  ["ELOOP", ["links that run in a circle", "choose another folder"]],
  ["ENAMETOOLONG", ["a name that is too long", "choose a shorter one"]],
  ["ENOENT", ["a folder that does not exist", "make the folder first, or choose another one"]],
  ["EISDIR", ["a folder of that name", "choose another name, or move the folder away"]],
]);

/** A CoppiceError (E_CONFIG) for a failed write; errors that are already ours pass through. */
export function writeError(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined || error instanceof CoppiceError) return error;
  const [found, hint] = writeProblems.get(code) ?? [messageOf(error), "choose another folder"];
  return new CoppiceError("E_CONFIG", `${path}: expected a place to write to, got ${found} (${code})`, {
    ...defined({ hint }),
    cause: error,
  });
}
