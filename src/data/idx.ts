/**
 * The IDX format of MNIST: big-endian magic number 0x0000TTDD (element type, number of sizes), one u32 for each size, then the data.
 *
 * Source  Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits", section "File formats"
 */
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { readRegularFileAsync } from "../util/regular-file.ts";

export interface IdxFile {
  /** As [60000, 28, 28]. */
  readonly sizes: readonly number[];
  /** uint8, row-major; a view of the bytes read. */
  readonly data: Uint8Array;
  /** MD5 in hexadecimal of the content, decompressed where it was gzip. */
  readonly md5: string;
}

const TYPE_UNSIGNED_BYTE = 0x08;
const GZIP_MAGIC = [0x1f, 0x8b];
/** Five times MNIST's largest file; a small .gz could otherwise expand to fill the memory. */
const MAX_CONTENT_BYTES = 256 * 1024 * 1024;
const hint = "the file is damaged or not an IDX file of unsigned bytes: get it again";

const gunzipAsync = promisify(gunzip);

/**
 * Reads an IDX file of unsigned bytes with `numSizes` sizes (1 for labels, 3 for images), gzipped or not.
 * Throws E_DATA naming the file when it cannot be read, is of another kind, or its length is not what its header says.
 */
export async function readIdx(path: string, numSizes: number): Promise<IdxFile> {
  const content = await readContent(path);
  const sizes = parseHeader(path, content, numSizes);
  const data = content.subarray(4 + 4 * numSizes);
  const expected = sizes.reduce((product, size) => product * size, 1);
  if (data.length !== expected) {
    throw fault(path, `${expected} bytes after the header (${sizes.join(" x ")})`, String(data.length));
  }
  return { sizes, data, md5: md5(content) };
}

/** MD5 in hexadecimal of the content of `path`, decompressed where it is gzip. Throws E_DATA when it cannot be read. */
export async function contentMd5(path: string): Promise<string> {
  return md5(await readContent(path));
}

function md5(content: Uint8Array): string {
  return createHash("md5").update(content).digest("hex");
}

async function readContent(path: string): Promise<Uint8Array> {
  const raw = await readRegularFileAsync(path, "E_DATA");
  if (!GZIP_MAGIC.every((byte, i) => raw[i] === byte)) return raw;
  try {
    return await gunzipAsync(raw, { maxOutputLength: MAX_CONTENT_BYTES });
  } catch (cause) {
    throw fault(path, `whole gzip data of at most ${MAX_CONTENT_BYTES} bytes`, `an error: ${messageOf(cause)}`, cause);
  }
}

function parseHeader(path: string, content: Uint8Array, numSizes: number): number[] {
  const headerBytes = 4 + 4 * numSizes;
  if (content.length < headerBytes) throw fault(path, `a header of ${headerBytes} bytes`, `${content.length} bytes`);
  const view = new DataView(content.buffer, content.byteOffset, headerBytes);
  const magic = view.getUint32(0);
  const expected = TYPE_UNSIGNED_BYTE * 256 + numSizes;
  if (magic !== expected) throw fault(path, `the magic number ${expected}`, String(magic));
  return Array.from({ length: numSizes }, (_, i) => view.getUint32(4 + 4 * i));
}

function fault(path: string, expected: string, got: string, cause?: unknown): CoppiceError {
  return new CoppiceError("E_DATA", `${path}: expected ${expected}, got ${got}`, { hint, cause });
}
