/** Brings one file from the network to its place: into a `.part` file beside it, checked, then renamed. */
import { createWriteStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { CoppiceError, messageOf, systemCode } from "../util/errors.ts";
import { writeError } from "../util/files.ts";
import { fileKind } from "../util/regular-file.ts";
import { get, Interrupted } from "./http-get.ts";

export interface RemoteFile {
  readonly url: string;
  readonly path: string;
  readonly expectedMd5: string;
  /** The MD5 that is compared, of the file at `path`: its own or that of what is inside. Throws E_DATA for a file that has none. */
  readonly md5Of: (path: string) => Promise<string>;
}

export interface FetchOptions {
  /** Bytes so far and in all (null where the server does not say), for every piece that arrives. */
  readonly onProgress?: ((receivedBytes: number, totalBytes: number | null) => void) | undefined;
  /** Stops the download; what has arrived stays and is used by the next one. */
  readonly signal?: AbortSignal | undefined;
  /** Tries in a row that bring no further byte before giving up. Default 5. */
  readonly attempts?: number | undefined;
  /** Wait before the second try; doubled for each further one. Default 500. */
  readonly retryMilliseconds?: number | undefined;
  /** Milliseconds without a byte after which a connection counts as cut. Default 30,000. */
  readonly idleMilliseconds?: number | undefined;
}

/**
 * Downloads `file`, continuing after cut connections and from an earlier call's `.part`. Throws E_DATA when it cannot be had or is not
 * the expected one (nothing is left at `path`), E_CONFIG when it cannot be written, and the signal's reason when stopped.
 */
export async function fetchFile(file: RemoteFile, options: FetchOptions = {}): Promise<void> {
  const part = `${file.path}.part`;
  const begun = await sizeOf(part);
  let problem = begun > 0 ? await checksumProblem(file, part) : "nothing";
  if (problem !== null) {
    await receiveAll(file.url, part, options);
    problem = await checksumProblem(file, part);
    if (problem !== null && begun > 0) {
      // The earlier part may have been of something else: once more from the beginning.
      await rm(part, { force: true });
      await receiveAll(file.url, part, options);
      problem = await checksumProblem(file, part);
    }
  }
  if (problem === null) return moveIntoPlace(part, file.path);
  await rm(part, { force: true });
  throw new CoppiceError("E_DATA", `${file.url}: expected a file with MD5 ${file.expectedMd5}, got ${problem}`, {
    hint: "the server does not have the official file: get it elsewhere and name its folder with --data-folder",
  });
}

/** Null when the file is the expected one, else what it is instead. */
async function checksumProblem(file: RemoteFile, part: string): Promise<string | null> {
  try {
    const md5 = await file.md5Of(part);
    return md5 === file.expectedMd5 ? null : md5;
  } catch (error) {
    if (error instanceof CoppiceError) return `a damaged one (${error.message})`;
    throw error;
  }
}

async function receiveAll(url: string, part: string, options: FetchOptions): Promise<void> {
  const { attempts = 5, retryMilliseconds = 500, signal } = options;
  let most = 0;
  for (let fruitless = 0, wait = 0; ; wait = retryMilliseconds * 2 ** fruitless) {
    try {
      await sleep(wait, undefined, { signal });
      return await receive(url, part, options);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Interrupted)) throw error;
      const size = await sizeOf(part);
      fruitless = size > most ? 0 : fruitless + 1;
      most = Math.max(most, size);
      if (fruitless >= attempts) throw error;
    }
  }
}

/** One connection: appends to `part`, or begins it again where the server sends the whole file. */
async function receive(url: string, part: string, options: FetchOptions): Promise<void> {
  const { onProgress, signal, idleMilliseconds } = options;
  const answer = await get(url, { from: await sizeOf(part), signal, idleMilliseconds });
  const { totalBytes } = answer;
  let receivedBytes = answer.from;
  try {
    await pipeline(
      answer.body,
      async function* (body: AsyncIterable<Buffer>) {
        for await (const chunk of body) {
          receivedBytes += chunk.length;
          yield chunk;
          onProgress?.(receivedBytes, totalBytes);
        }
      },
      createWriteStream(part, { flags: answer.from === 0 ? "w" : "a" }),
    );
  } catch (cause) {
    if (isDiskError(cause)) throw writeError(part, cause);
    throw cause instanceof CoppiceError ? cause : new Interrupted(url, messageOf(cause), cause);
  }
  if (totalBytes !== null && receivedBytes < totalBytes) {
    throw new Interrupted(url, `${receivedBytes} of ${totalBytes} bytes`);
  }
}

/** Node names the file operation that failed; on the network side only reading can fail here. */
function isDiskError(error: unknown): boolean {
  const { syscall } = error as { syscall?: string };
  return systemCode(error) !== undefined && (syscall === "open" || syscall === "write" || syscall === "close");
}

async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path);
    const kind = fileKind(found);
    if (kind === "file" || kind === "device") return found.size; // what a device does not take is an error of writing
    throw new CoppiceError("E_CONFIG", `${path}: expected a file to continue, got a ${kind}`, {
      hint: "move it away, or choose another folder",
    });
  } catch (error) {
    if (systemCode(error) === "ENOENT") return 0;
    throw writeError(path, error);
  }
}

async function moveIntoPlace(part: string, path: string): Promise<void> {
  try {
    const file = await open(part, "r+");
    await file.sync().finally(() => file.close());
    await rename(part, path);
  } catch (error) {
    throw writeError(path, error);
  }
}
