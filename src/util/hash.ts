/** SHA-256 of bytes, files and plain values. */
import { createHash, type Hash } from "node:crypto";
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { invariant } from "./errors.ts";

export type HashAlgorithm = "sha256" | "md5";

const CHUNK_BYTES = 1 << 20;

/** SHA-256 of `data` (a string as UTF-8) in lower-case hexadecimal. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Hash of a file in hexadecimal, read in pieces of 1 MiB. Throws Node's own error when the file cannot be read. */
export function hashFileSync(path: string, algorithm: HashAlgorithm = "sha256"): string {
  const hash: Hash = createHash(algorithm);
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const file = openSync(path, "r");
  try {
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) hash.update(chunk.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}

/** As {@link hashFileSync}, without blocking the event loop. */
export async function hashFile(path: string, algorithm: HashAlgorithm = "sha256"): Promise<string> {
  const hash: Hash = createHash(algorithm);
  await pipeline(createReadStream(path, { highWaterMark: CHUNK_BYTES }), hash);
  return hash.digest("hex");
}

/**
 * JSON without white space and with the keys of every object in code-unit order, so that equal values give equal text.
 * Members that are `undefined` are left out, as in JSON.stringify; numbers must be finite.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    invariant(typeof member !== "number" || Number.isFinite(member), "canonicalJson takes finite numbers only");
    const isObject = typeof member === "object" && member !== null && !Array.isArray(member);
    return isObject ? Object.fromEntries(Object.entries(member).toSorted(byKey)) : member;
  });
}

/** SHA-256 of {@link canonicalJson}. */
export function jsonHash(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
