/**
 * Reads and writes safetensors: an 8-byte little-endian header length, a JSON header, then the raw elements.
 *
 * Source     https://github.com/huggingface/safetensors, "Format"
 * Differs    no known difference; tensors are written in the order given, aligned to 8 bytes by padding the header
 */
import type { Tensor } from "./tensor.ts";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { CoppiceError, messageOf, systemCode } from "../util/errors.ts";
import { writeFileAtomic } from "../util/files.ts";
import { shown } from "../util/shown.ts";
import { fromTypedArray } from "./create.ts";
import { arrayConstructor, type DType, dtypeBytes, type TypedArray } from "./dtype.ts";
import { scope } from "./scope.ts";

const formatNames: Record<DType, string> = {
  uint8: "U8",
  int8: "I8",
  int16: "I16",
  int32: "I32",
  int64: "I64",
  float16: "F16",
  bfloat16: "BF16",
  float32: "F32",
  float64: "F64",
  bool: "BOOL",
};
const dtypesByName = new Map(Object.entries(formatNames).map(([dtype, name]) => [name, dtype as DType]));

const metadataKey = "__metadata__";

// The reference reader's own limit: a longer header is an attack or not a safetensors file.
const maxHeaderBytes = 100_000_000;

export interface Safetensors {
  /** By name, in the order of the file's data; they share the memory the file was read into. */
  readonly tensors: Map<string, Tensor>;
  readonly metadata: Record<string, string>;
}

interface Entry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Writes `tensors` to `path`, completely or not at all: a temporary file beside it is flushed and renamed.
 * @throws CoppiceError E_CONFIG when the disk is full or the folder cannot be written; what was there before stays.
 */
export function saveSafetensors(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): void {
  writeFileAtomic(path, encodeSafetensors(tensors, metadata));
}

/** The bytes of a safetensors file. @throws CoppiceError E_ARG for a tensor named `__metadata__` or metadata that is not text. */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  checkWritable(tensors, metadata);
  // Entries, not assignments: a tensor may be called `__proto__`.
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[metadataKey, metadata]] : [];
  let offset = 0;
  const places: number[] = [];
  for (const [name, tensor] of tensors) {
    const { dtype, shape } = tensor;
    const size = tensor.numel * dtypeBytes(dtype);
    header.push([name, { dtype: formatNames[dtype], shape, data_offsets: [offset, offset + size] }]);
    places.push(offset);
    offset += size;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const padded = Math.ceil(json.length / 8) * 8;
  const file = Buffer.alloc(8 + padded + offset);
  file.writeBigUInt64LE(BigInt(padded), 0);
  json.copy(file, 8);
  file.fill(" ", 8 + json.length, 8 + padded);
  let i = 0;
  for (const tensor of tensors.values()) {
    const place = 8 + padded + (places[i++] ?? 0);
    scope(() => {
      const local = tensor.detach().to("cpu").contiguous().data();
      file.set(new Uint8Array(local.buffer, local.byteOffset, local.byteLength), place);
    });
  }
  return file;
}

function checkWritable(tensors: ReadonlyMap<string, Tensor>, metadata: Readonly<Record<string, string>>): void {
  if (tensors.has(metadataKey)) {
    throw new CoppiceError(
      "E_ARG",
      `safetensors: expected another name than ${metadataKey}, which the format reserves`,
    );
  }
  const other = Object.entries(metadata).find(([, value]) => typeof value !== "string");
  if (other === undefined) return;
  throw new CoppiceError("E_ARG", `safetensors.metadata.${other[0]}: expected text, got ${typeof other[1]}`);
}

/**
 * Reads every tensor of `path`.
 * @throws CoppiceError E_CHECKPOINT naming the file and what is wrong with it: missing, truncated, a header that lies.
 */
export function loadSafetensors(path: string): Safetensors {
  const file = readWhole(path);
  return decodeSafetensors(file, path);
}

function damaged(where: string, expected: string, got: string): CoppiceError {
  return new CoppiceError("E_CHECKPOINT", `${where}: expected ${expected}, got ${got}`, {
    hint: "the file is damaged or is not a safetensors file: restore it from a backup or make it again",
  });
}

function readWhole(path: string): Uint8Array {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    const { size } = fstatSync(descriptor);
    // A separate ArrayBuffer, not from Node's pool: tensors keep it alive.
    const bytes = new Uint8Array(new ArrayBuffer(size));
    let filled = 0;
    while (filled < size) {
      const read = readSync(descriptor, bytes, filled, Math.min(size - filled, 1 << 30), null);
      if (read === 0) throw damaged(path, `${size} bytes`, `${filled}`);
      filled += read;
    }
    return bytes;
  } catch (error) {
    if (error instanceof CoppiceError) throw error;
    const got = readProblems.get(systemCode(error) ?? "") ?? messageOf(error);
    throw new CoppiceError("E_CHECKPOINT", `${path}: expected a safetensors file, got ${got}`, { cause: error });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

const readProblems = new Map([
  ["ENOENT", "no such file"],
  ["EISDIR", "a folder"],
]);

/** Reads the bytes of a safetensors file; `where` names them in errors. */
export function decodeSafetensors(file: Uint8Array, where: string): Safetensors {
  if (file.length < 8) throw damaged(where, "at least 8 bytes", `${file.length}`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(Math.min(maxHeaderBytes, file.length - 8))) {
    throw damaged(where, `a header of at most ${Math.min(maxHeaderBytes, file.length - 8)} bytes`, `${length}`);
  }
  const dataStart = 8 + Number(length);
  const text = decodeText(file.subarray(8, dataStart), where);
  const header = parseHeader(text, where);
  const metadata = readMetadata(header[metadataKey], where);
  const entries = Object.entries(header)
    .filter(([name]) => name !== metadataKey)
    .map(([name, value]) => readEntry(name, value, where))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(entries, file.length - dataStart, where);
  const tensors = new Map(entries.map((entry) => [entry.name, tensorOf(entry, file, dataStart, where)]));
  return { tensors, metadata };
}

function decodeText(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new CoppiceError("E_CHECKPOINT", `${where}: expected a header in UTF-8, got other bytes`, { cause: error });
  }
}

function parseHeader(text: string, where: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (error) {
    throw damaged(where, "a header in JSON", messageOf(error));
  }
  if (header === null || typeof header !== "object" || Array.isArray(header))
    throw damaged(where, "a JSON object as header", text.slice(0, 40));
  const twice = duplicateKey(text);
  if (twice !== undefined) throw damaged(where, "each name once", `${shown(twice)} twice`);
  return header as Record<string, unknown>;
}

/**
 * The first key that one object of the JSON `text` has twice. JSON.parse keeps the last of the two: a file could show one
 * reader other tensors than the next.
 */
function duplicateKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  const colon = /\s*:/y;
  let start = -1; // of the string we are in
  // One character at a time: a pattern for whole strings runs out of stack on one of many megabytes.
  for (const { 0: token, index } of text.matchAll(/\\.|["{}]/g)) {
    if (token === '"' && start < 0) start = index;
    else if (token === '"') {
      colon.lastIndex = index + 1;
      const key = colon.test(text) ? (JSON.parse(text.slice(start, index + 1)) as string) : undefined;
      const seen = open.at(-1);
      if (key !== undefined && seen?.has(key)) return key;
      if (key !== undefined) seen?.add(key);
      start = -1;
    } else if (start >= 0) continue;
    else if (token === "{") open.push(new Set());
    else open.pop();
  }
  return undefined;
}

function readMetadata(value: unknown, where: string): Record<string, string> {
  if (value === undefined) return {};
  const valid =
    value !== null &&
    typeof value === "object" &&
    !Array.isArray(value) &&
    Object.values(value).every((item) => typeof item === "string");
  if (!valid) throw damaged(where, "__metadata__ with text values", JSON.stringify(value).slice(0, 80));
  return value as Record<string, string>;
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function readEntry(name: string, value: unknown, where: string): Entry {
  const at = `${where}: ${shown(name)}`;
  const { dtype: typeName, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  const dtype = dtypesByName.get(String(typeName));
  if (dtype === undefined) throw damaged(at, `a dtype of ${[...dtypesByName.keys()].join(", ")}`, String(typeName));
  if (!Array.isArray(shape) || !shape.every(isSize))
    throw damaged(at, "a shape of whole numbers", JSON.stringify(shape));
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    throw damaged(at, "two data offsets", JSON.stringify(offsets));
  }
  const [begin = 0, end = 0] = offsets as number[];
  const bytes = (shape as number[]).reduce((product, size) => product * size, dtypeBytes(dtype));
  if (end - begin !== bytes) throw damaged(at, `${bytes} bytes for ${dtype} [${shape.join(", ")}]`, `${end - begin}`);
  return { name, dtype, shape: shape as number[], begin, end };
}

/** The data must be covered once and completely: overlaps and holes can hide what a reader does not show. */
function checkCoverage(entries: readonly Entry[], dataBytes: number, where: string): void {
  let position = 0;
  for (const { name, begin, end } of entries) {
    const at = `${where}: ${shown(name)}`;
    if (begin !== position)
      throw damaged(at, `data from byte ${position}`, `${begin} (${begin < position ? "overlapping" : "a hole"})`);
    if (end > dataBytes) throw damaged(at, `data within the ${dataBytes} bytes there are`, `an end at ${end}`);
    position = end;
  }
  if (position !== dataBytes) throw damaged(where, `${position} bytes of data`, `${dataBytes}`);
}

function tensorOf(entry: Entry, file: Uint8Array, dataStart: number, where: string): Tensor {
  const { name, dtype, shape, begin, end } = entry;
  const array = arrayConstructor(dtype);
  const start = file.byteOffset + dataStart + begin;
  const aligned = start % dtypeBytes(dtype) === 0;
  // Files by other writers need not be aligned; typed arrays must be. (Not file.slice: a Buffer's makes no copy.)
  const buffer = aligned ? file.buffer : new Uint8Array(file.subarray(dataStart + begin, dataStart + end)).buffer;
  const elements = new array(buffer, aligned ? start : 0, (end - begin) / dtypeBytes(dtype)) as TypedArray;
  // C++ may compute anything from a bool that is neither.
  if (dtype === "bool" && elements.some((value) => value > 1)) {
    throw damaged(`${where}: ${shown(name)}`, "the bytes 0 and 1 for BOOL", "others");
  }
  return fromTypedArray(elements, shape, dtype);
}
