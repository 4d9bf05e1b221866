/** SHA-256 of bytes, files and plain values. */
import { createHash } from "node:crypto";
import { type ErrorCode, invariant } from "./errors.ts";
import { regularFilePieces, streamRegularFile } from "./regular-file.ts";

export type HashAlgorithm = "sha256" | "md5";

/** SHA-256 of `data` (a string as UTF-8) in lower-case hexadecimal. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Hash of a regular file in hexadecimal, read in pieces. @throws CoppiceError `code` when it cannot be read */
export function hashFileSync(path: string, algorithm: HashAlgorithm = "sha256", code: ErrorCode = "E_DATA"): string {
  const hash = createHash(algorithm);
  for (const piece of regularFilePieces(path, code)) hash.update(piece);
  return hash.digest("hex");
}

/** As {@link hashFileSync}, without blocking the event loop. */
export async function hashFile(
  path: string,
  algorithm: HashAlgorithm = "sha256",
  code: ErrorCode = "E_DATA",
): Promise<string> {
  const hash = createHash(algorithm);
  for await (const piece of streamRegularFile(path, code)) hash.update(piece);
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
