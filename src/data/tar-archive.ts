/** Reads a `.tar.gz` member by member as it streams from disk; nothing is unpacked to disk or held in memory. */
import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract, type Extract } from "tar-stream";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { streamRegularFile } from "../util/regular-file.ts";

/** One regular file in an archive. */
export interface ArchiveMember {
  /** Path inside the archive, without a leading "./". */
  readonly name: string;
  /** Bytes, as its header says; `chunks` has exactly so many or fails. */
  readonly size: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

const INFLATE_BYTES = 1 << 18;

/**
 * Calls `visit` for each regular file in order and returns the MD5 of the archive itself, in hexadecimal.
 * Throws E_DATA, naming the archive, when it cannot be read, is not gzip or tar, is cut short, names a file twice or has an entry
 * that would lie outside the folder it is unpacked in; what `visit` throws passes through.
 */
export async function readTarGz(path: string, visit: (member: ArchiveMember) => Promise<void>): Promise<string> {
  const md5 = createHash("md5");
  const entries = extract();
  const streaming = pipeline(
    streamRegularFile(path, "E_DATA"),
    async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        md5.update(chunk);
        yield chunk;
      }
    },
    createGunzip({ chunkSize: INFLATE_BYTES }),
    entries,
  );
  const [streamed, visited] = await Promise.allSettled([streaming, visitEntries(path, entries, visit)]);
  // A failing visitor also ends the stream, and the other way round; the cause is the one that says what is wrong.
  const failures = [visited, streamed].flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  const cause: unknown = failures.find((failure) => failure instanceof CoppiceError) ?? failures.at(-1);
  if (cause instanceof CoppiceError) throw cause;
  if (failures.length > 0) throw unreadable(path, cause);
  return md5.digest("hex");
}

async function visitEntries(
  path: string,
  entries: Extract,
  visit: (member: ArchiveMember) => Promise<void>,
): Promise<void> {
  const seen = new Set<string>();
  for await (const entry of entries) {
    const { name: rawName, type, size } = entry.header;
    const name = insideName(path, rawName);
    if (type !== "file" && type !== "contiguous-file") {
      entry.resume();
      continue;
    }
    if (seen.has(name))
      throw new CoppiceError("E_DATA", `${path}: expected every file once, got ${name} twice`, { hint });
    seen.add(name);
    await visit({ name, size, chunks: entry as AsyncIterable<Uint8Array> });
    entry.resume();
  }
}

/** The entry's name without "./"; absolute names and those that climb out with ".." are refused. */
function insideName(path: string, name: string): string {
  const parts = name.split(/[/\\]/);
  if (parts[0] === "" || /^[a-z]:/i.test(name) || parts.includes("..")) {
    const got = JSON.stringify(name);
    throw new CoppiceError("E_DATA", `${path}: expected entries inside the archive's own folder, got ${got}`, { hint });
  }
  return parts.filter((part) => part !== "." && part !== "").join("/");
}

function unreadable(path: string, cause: unknown): CoppiceError {
  return new CoppiceError(
    "E_DATA",
    `${path}: expected a whole gzipped tar archive, got an error: ${messageOf(cause)}`,
    {
      hint,
      cause,
    },
  );
}

const hint = "the archive is damaged or not the official one: get it again";
