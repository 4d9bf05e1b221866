/** The text of a list: read only from a regular file, decoded as what it evidently is, and refused by name otherwise. */
import { isUtf8 } from "node:buffer";
import { CoppiceError } from "../../util/errors.ts";
import { readRegularFile, regularFileSize } from "../../util/regular-file.ts";
import { sha256Hex } from "../../util/hash.ts";

/** A list of ten million ids has about as many bytes; what has more is no list. */
const MOST_BYTES = 2 ** 28;
/** Of what has to be UTF-16 without a mark: this share of its pairs of bytes has a zero, as letters of European languages do. */
const SHARE_OF_ZEROS = 0.25;

export interface ListText {
  /** With \n at the ends of lines, and without a byte order mark. */
  readonly text: string;
  /** Hash of the file's bytes. */
  readonly sha256: string;
}

/** Whether a list is JSON: by how it begins, or what the file is called. */
export function isJsonList(text: string, path: string): boolean {
  return /^\s*[[{]/.test(text) || /\.(json|jsonl|ndjson)$/i.test(path);
}

/** @throws CoppiceError E_DATA for what is no regular file, is too large to be a list, or is neither UTF-8 nor UTF-16 */
export function readListText(path: string): ListText {
  const size = regularFileSize(path, "E_DATA");
  if (size > MOST_BYTES) {
    throw new CoppiceError("E_DATA", `${path}: expected a list of at most ${MOST_BYTES} bytes, got ${size}`, {
      hint: "give a file that lists the images to forget and nothing else",
    });
  }
  const bytes = readRegularFile(path, "E_DATA");
  return { text: withPlainLineEnds(decode(bytes, path)), sha256: sha256Hex(bytes) };
}

/** \r\n as \n; \r as well in a text without \n, as old spreadsheets write it. */
function withPlainLineEnds(text: string): string {
  return text.includes("\n") ? text.replaceAll("\r\n", "\n") : text.replaceAll("\r", "\n");
}

function decode(bytes: Buffer, path: string): string {
  const encoding = encodingOf(bytes, path);
  if (encoding === "utf-8" && !isUtf8(bytes)) throw notUtf8(bytes, path);
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch (error) {
    throw notText(path, `damaged ${encoding.toUpperCase()}`, error);
  }
  throw notText(path, "text with the character 0 in it");
}

/** By its byte order mark, or by where its zeros are. */
function encodingOf(bytes: Buffer, path: string): "utf-8" | "utf-16le" | "utf-16be" {
  const mark = bytes.subarray(0, 4).toString("hex");
  if (mark === "fffe0000" || mark === "0000feff") throw notText(path, "UTF-32");
  if (mark.startsWith("fffe")) return "utf-16le";
  if (mark.startsWith("feff")) return "utf-16be";
  const zeros: [number, number] = [0, 0];
  for (let at = bytes.indexOf(0); at >= 0; at = bytes.indexOf(0, at + 1)) zeros[at % 2 === 0 ? 0 : 1]++;
  const [even, odd] = zeros;
  const enough = SHARE_OF_ZEROS * (bytes.length / 2);
  if (even === 0 && odd > 0 && odd >= enough) return "utf-16le";
  if (odd === 0 && even > 0 && even >= enough) return "utf-16be";
  if (even + odd > 0) throw notText(path, "binary data");
  return "utf-8";
}

function notText(path: string, got: string, cause?: unknown): CoppiceError {
  return new CoppiceError("E_DATA", `${path}: expected text in UTF-8 or UTF-16, got ${got}`, {
    hint: "save the list as CSV or JSON in UTF-8",
    cause,
  });
}

/** Names the first line and byte, and what the byte would be where most such files come from. */
function notUtf8(bytes: Buffer, path: string): CoppiceError {
  let line = 1;
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    const length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    if (!isUtf8(bytes.subarray(at, at + length))) break;
    if (byte === 0x0a) line++;
    at += length;
  }
  const byte = bytes[at] ?? 0;
  const letter = new TextDecoder("windows-1252").decode(Uint8Array.of(byte));
  return new CoppiceError(
    "E_DATA",
    `${path} line ${line}: expected text in UTF-8 or UTF-16, got the byte 0x${byte.toString(16)}, in Latin-1 (Windows-1252) the letter ${letter}`,
    { hint: "save the list as UTF-8, for example with: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW" },
  );
}
