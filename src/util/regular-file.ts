/**
 * Reads what a user names as a file. Opening a pipe that nobody writes to waits for ever, a device may do anything, and a link may lead nowhere: only regular
 * files, and links to them, are opened.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  type Stats,
  statSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { CoppiceError, type ErrorCode, messageOf, systemCode } from "./errors.ts";

/** With O_NONBLOCK nothing waits should the file be replaced by a pipe just now. Windows has no such pipes. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const CHUNK_BYTES = 1 << 20;

/** What lies at a path, in words for messages. */
export type FileKind = "file" | "folder" | "named pipe" | "socket" | "device";

/** Of what `stat` or a folder's entry says. */
export function fileKind(entry: Pick<Stats, "isFile" | "isDirectory" | "isFIFO" | "isSocket">): FileKind {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  if (entry.isFIFO()) return "named pipe";
  return entry.isSocket() ? "socket" : "device";
}

/**
 * A descriptor of the regular file at `path`, to be closed by the caller.
 * @throws CoppiceError `code` when there is none or this user may not read it
 */
export function openRegularFile(path: string, code: ErrorCode): number {
  return reading(path, code, () => {
    refuseOthers(statSync(path));
    const file = openSync(path, READ);
    try {
      refuseOthers(fstatSync(file));
    } catch (error) {
      closeSync(file);
      throw error;
    }
    return file;
  });
}

/** Bytes of the regular file at `path`. Throws as {@link openRegularFile}. */
export function regularFileSize(path: string, code: ErrorCode): number {
  return reading(path, code, () => {
    const found = statSync(path);
    refuseOthers(found);
    return found.size;
  });
}

/** The bytes of a regular file. Throws as {@link openRegularFile}, also when reading fails. */
export function readRegularFile(path: string, code: ErrorCode): Buffer {
  const file = openRegularFile(path, code);
  try {
    return reading(path, code, () => readFileSync(file));
  } finally {
    closeSync(file);
  }
}

/** The bytes of a regular file in pieces of at most 1 MiB; each is valid until the next. Throws as {@link readRegularFile}. */
export function* regularFilePieces(path: string, code: ErrorCode): Generator<Uint8Array, void, undefined> {
  const file = openRegularFile(path, code);
  const piece = Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    for (;;) {
      const read = reading(path, code, () => readSync(file, piece));
      if (read === 0) return;
      yield piece.subarray(0, read);
    }
  } finally {
    closeSync(file);
  }
}

/** As {@link readRegularFile}, without blocking the event loop. @param bytes read only so many from the beginning; default all */
export async function readRegularFileAsync(path: string, code: ErrorCode, bytes?: number): Promise<Buffer> {
  const file = await openHandle(path, code);
  try {
    if (bytes === undefined) return await file.readFile();
    const buffer = Buffer.alloc(bytes);
    const { bytesRead } = await file.read(buffer, 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw problem(path, code, error);
  } finally {
    await file.close();
  }
}

/** The bytes of a regular file in pieces of at most 1 MiB, without blocking the event loop. Throws as {@link readRegularFile}. */
export async function* streamRegularFile(path: string, code: ErrorCode): AsyncGenerator<Buffer, void, undefined> {
  const file = await openHandle(path, code);
  try {
    yield* file.createReadStream({ highWaterMark: CHUNK_BYTES, autoClose: false }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw problem(path, code, error);
  } finally {
    await file.close();
  }
}

async function openHandle(path: string, code: ErrorCode): Promise<FileHandle> {
  try {
    refuseOthers(statSync(path));
    const file = await open(path, READ);
    try {
      refuseOthers(await file.stat());
    } catch (error) {
      await file.close();
      throw error;
    }
    return file;
  } catch (error) {
    throw problem(path, code, error);
  }
}

/** Found in place of a file. */
class OtherKind extends Error {}

function refuseOthers(found: Stats): void {
  const kind = fileKind(found);
  if (kind !== "file") throw new OtherKind(`a ${kind}`);
}

function reading<T>(path: string, code: ErrorCode, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw problem(path, code, error);
  }
}

function problem(path: string, code: ErrorCode, cause: unknown): CoppiceError {
  if (cause instanceof CoppiceError) return cause;
  return new CoppiceError(code, `${path}: expected a file that can be read, got ${readProblem(path, cause)}`, {
    cause,
  });
}

const problems = new Map([
  ["EISDIR", "a folder"],
  ["EACCES", "one this user may not read"],
  ["EPERM", "one this user may not read"],
  ["ENOTDIR", "a path through something that is not a folder"],
  ["ELOOP", "a link that leads to itself"],
  ["ENXIO", "a socket or a device without a reader"],
  ["ENAMETOOLONG", "a name that is too long"],
  ["EIO", "an error of the disk"],
]);

/** Why the file or folder at `path` could not be read, in words: "no such file", "a link that leads nowhere". @param error what Node threw */
export function readProblem(path: string, error: unknown): string {
  const code = systemCode(error) ?? "";
  if (code !== "ENOENT") return problems.get(code) ?? messageOf(error);
  return lstatSync(path, { throwIfNoEntry: false }) === undefined ? "no such file" : "a link that leads nowhere";
}
