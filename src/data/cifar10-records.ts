/** The record format of CIFAR-10's binary version, decoded as bytes arrive. */
import { CoppiceError } from "../util/errors.ts";

export const IMAGE_BYTES = 3 * 32 * 32;
/** u8 label, then the red, green and blue plane, each row by row. */
export const RECORD_BYTES = 1 + IMAGE_BYTES;
const NUM_CLASSES = 10;

/** Where one file's records go: one label and 3,072 bytes a record. */
export interface RecordTarget {
  readonly labels: Uint8Array;
  readonly images: Uint8Array;
}

/** One file as a stream of `size` bytes, in pieces of any length. */
export interface RecordFile {
  /** For messages. */
  readonly name: string;
  readonly size: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Copies the records of `file` to `target`, whose length is the number of records there must be.
 * Throws E_DATA naming the file when it is longer or shorter, or a label is above 9.
 */
export async function readRecords(file: RecordFile, target: RecordTarget): Promise<void> {
  const expected = target.labels.length * RECORD_BYTES;
  if (file.size !== expected) throw wrongSize(file.name, expected, file.size);
  let position = 0;
  for await (const chunk of file.chunks) {
    if (position + chunk.length > expected) throw wrongSize(file.name, expected, position + chunk.length);
    copyRecords(file.name, chunk, position, target);
    position += chunk.length;
  }
  if (position < expected) throw wrongSize(file.name, expected, position);
}

/** Copies `chunk`, which begins `position` bytes into the file. */
function copyRecords(name: string, chunk: Uint8Array, position: number, target: RecordTarget): void {
  for (let at = 0; at < chunk.length;) {
    const record = Math.floor((position + at) / RECORD_BYTES);
    const within = (position + at) % RECORD_BYTES;
    if (within === 0) {
      const label = chunk[at] ?? 0;
      if (label >= NUM_CLASSES) throw wrongLabel(name, record, label);
      target.labels[record] = label;
      at += 1;
    } else {
      const length = Math.min(RECORD_BYTES - within, chunk.length - at);
      target.images.set(chunk.subarray(at, at + length), record * IMAGE_BYTES + within - 1);
      at += length;
    }
  }
}

const hint = "the file is damaged or not of CIFAR-10's binary version: get it again";

function wrongSize(name: string, expected: number, got: number): CoppiceError {
  return new CoppiceError("E_DATA", `${name}: expected ${expected} bytes, got ${got}`, { hint });
}

function wrongLabel(name: string, record: number, label: number): CoppiceError {
  return new CoppiceError("E_DATA", `${name}: expected labels 0 to 9, got ${label} in record ${record}`, { hint });
}
