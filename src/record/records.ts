/**
 * `records.json`, one per run folder: which images a run was trained and tested on, in which order. It names none of them: names and pixels stand in it
 * as salted digests, so that whoever holds an id or an image can ask, and nobody else learns anything.
 */
import { z } from "zod";
import { CoppiceError } from "../util/errors.ts";
import { readText } from "../util/files.ts";
import { sha256Hex } from "../util/hash.ts";
import { count, sha256, text } from "./fields.ts";
import { parseRecord } from "./parse.ts";

/** Bytes of a salted digest. */
export const SALTED_BYTES = 16;

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, "expected base64");

const partSchema = z.strictObject({
  count: count.describe("images"),
  keys: base64.describe("salted digest of each image's id, 16 bytes each"),
  digests: base64.describe("salted digest of each image's pixels, 16 bytes each"),
  labels: base64.describe("label of each image, 2 bytes each, the low one first"),
  positions: base64
    .optional()
    .describe(
      "place of each image in the whole part, before classes and first images were chosen, 4 bytes each, the lowest first; absent: 0, 1, 2 and so on",
    ),
});

export const recordsSchema = z
  .strictObject({
    format: z.literal("coppice-records").describe("what this file is"),
    version: z.literal(1).describe("version of this schema"),
    dataset: z
      .strictObject({
        name: text.describe("data set"),
        digest: sha256.describe("of sizes, labels and images; of poisoned data that of the clean ones"),
      })
      .describe("what the images are of"),
    salt: sha256.describe("key of the salted digests: the first 16 bytes of HMAC-SHA256 each"),
    mean: z.array(z.number()).describe("of each channel of the images in [0, 1], as the model subtracts it"),
    std: z.array(z.number()).describe("likewise, as it divides by it"),
    train: partSchema.describe("training part, in the order that `split.json` counts in; base64 of packed numbers"),
    test: partSchema.describe("test part, likewise"),
  })
  .meta({ id: "Records" });

/** The contents of `records.json`. */
export type RecordsFile = z.infer<typeof recordsSchema>;

/** One part of the data that a run was made with. */
export interface ListedPart {
  readonly count: number;
  /** uint8 [count, SALTED_BYTES]: of the ids. */
  readonly keys: Uint8Array;
  /** uint8 [count, SALTED_BYTES]: of the images. */
  readonly digests: Uint8Array;
  readonly labels: readonly number[];
  /** Absent: each its index. */
  readonly positions?: readonly number[];
}

/** What `records.json` says, unpacked. */
export interface Listing extends Omit<RecordsFile, "format" | "version" | "train" | "test"> {
  readonly train: ListedPart;
  readonly test: ListedPart;
}

/** The text of the file, one member a line. */
export function recordsText({ dataset, salt, mean, std, train, test }: Listing): string {
  const file: RecordsFile = {
    format: "coppice-records",
    version: 1,
    dataset,
    salt,
    mean,
    std,
    train: packPart(train),
    test: packPart(test),
  };
  const members = Object.entries(file).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return `{\n${members.join(",\n")}\n}\n`;
}

/**
 * Reads the file at `path`.
 * @param expected its hash, as the run's record has it
 * @throws CoppiceError E_CHECKPOINT when it is missing, changed or damaged
 */
export function readRecords(path: string, expected: string): { readonly text: string; readonly listing: Listing } {
  const content = readText(path, "E_CHECKPOINT");
  const got = sha256Hex(content);
  if (got !== expected) {
    throw new CoppiceError("E_CHECKPOINT", `${path}: expected SHA-256 ${expected}, got ${got}`, {
      hint: "the file was changed or damaged after the run was made: restore it, or make the run again",
    });
  }
  const { format: _format, version: _version, train, test, ...rest } = parseRecord(recordsSchema, content, path);
  const listing = { ...rest, train: unpackPart(train, `${path}: train`), test: unpackPart(test, `${path}: test`) };
  return { text: content, listing };
}

type PackedPart = RecordsFile["train"];

function packPart({ count: size, keys, digests, labels, positions }: ListedPart): PackedPart {
  return {
    count: size,
    keys: toBase64(keys),
    digests: toBase64(digests),
    labels: packNumbers(labels, 2),
    ...(positions === undefined ? {} : { positions: packNumbers(positions, 4) }),
  };
}

function unpackPart({ count: size, keys, digests, labels, positions }: PackedPart, where: string): ListedPart {
  const bytes = (name: string, packed: string, each: number): Buffer => {
    const unpacked = Buffer.from(packed, "base64");
    if (unpacked.length === size * each) return unpacked;
    const expected = `${size * each} bytes, ${each} for each of ${size} images`;
    throw new CoppiceError("E_CHECKPOINT", `${where}.${name}: expected ${expected}, got ${unpacked.length}`);
  };
  return {
    count: size,
    keys: bytes("keys", keys, SALTED_BYTES),
    digests: bytes("digests", digests, SALTED_BYTES),
    labels: unpackNumbers(bytes("labels", labels, 2), 2),
    ...(positions === undefined ? {} : { positions: unpackNumbers(bytes("positions", positions, 4), 4) }),
  };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function packNumbers(numbers: readonly number[], each: number): string {
  const bytes = Buffer.alloc(numbers.length * each);
  numbers.forEach((number, i) => bytes.writeUIntLE(number, i * each, each));
  return bytes.toString("base64");
}

function unpackNumbers(bytes: Buffer, each: number): number[] {
  return Array.from({ length: bytes.length / each }, (_, i) => bytes.readUIntLE(i * each, each));
}
