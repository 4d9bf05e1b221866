/**
 * Reads and writes safetensors: an 8-byte little-endian header length, a JSON header, then the raw elements.
 *
 * Source     https://github.com/huggingface/safetensors, "Format"
 * Differs    nothing known; tensors are written in the order given, aligned to 8 bytes by padding the header
 */
import type { Tensor } from "./tensor.ts";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { CoppiceError, messageOf, systemCode } from "../util/errors.ts";
import { writeFileAtomic } from "../util/files.ts";
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
 * @throws CoppiceError E_CHECKPOINT when the disk is full or the folder cannot be written; what was there before stays.
 */
export function saveSafetensors(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): void {
  writeFileAtomic(path, encodeSafetensors(tensors, metadata));
}

/** The bytes of a safetensors file. */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header["__metadata__"] = metadata;
  let offset = 0;
  const places: number[] = [];
  for (const [name, tensor] of tensors) {
    const { dtype, shape } = tensor;
    const size = tensor.numel * dtypeBytes(dtype);
    header[name] = { dtype: formatNames[dtype], shape, data_offsets: [offset, offset + size] };
    places.push(offset);
    offset += size;
  }
  const json = Buffer.from(JSON.stringify(header));
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
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    const missing = systemCode(error) === "ENOENT";
    throw new CoppiceError(
      "E_CHECKPOINT",
      `${path}: expected a safetensors file, got ${missing ? "no such file" : messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
  try {
    const { size } = fstatSync(descriptor);
    // ArrayBuffer of its own, not from Node's pool: tensors keep it alive.
    const bytes = new Uint8Array(new ArrayBuffer(size));
    let filled = 0;
    while (filled < size) {
      const read = readSync(descriptor, bytes, filled, Math.min(size - filled, 1 << 30), null);
      if (read === 0) throw damaged(path, `${size} bytes`, `${filled}`);
      filled += read;
    }
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}

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
  const metadata = readMetadata(header["__metadata__"], where);
  const entries = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, value]) => readEntry(name, value, where))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(entries, file.length - dataStart, where);
  const tensors = new Map(entries.map((entry) => [entry.name, tensorOf(entry, file, dataStart)]));
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
  if (twice !== undefined) throw damaged(where, "each name once", `${JSON.stringify(twice)} twice`);
  return header as Record<string, unknown>;
}

/** JSON.parse keeps the last of two equal keys: a file could show one reader other tensors than the next. */
function duplicateKey(text: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    const [token] = match;
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (depth === 1 && /^\s*:/.test(text.slice(match.index + token.length, match.index + token.length + 64))) {
      const key = JSON.parse(token) as string;
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return undefined;
}

function readMetadata(value: unknown, where: string): Record<string, string> {
  if (value === undefined) return {};
  const valid =
    value !== null && typeof value === "object" && Object.values(value).every((item) => typeof item === "string");
  if (!valid) throw damaged(where, "__metadata__ with text values", JSON.stringify(value).slice(0, 80));
  return value as Record<string, string>;
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function readEntry(name: string, value: unknown, where: string): Entry {
  const at = `${where}: ${JSON.stringify(name)}`;
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
    const at = `${where}: ${JSON.stringify(name)}`;
    if (begin !== position)
      throw damaged(at, `data from byte ${position}`, `${begin} (${begin < position ? "overlapping" : "a hole"})`);
    if (end > dataBytes) throw damaged(at, `data within the ${dataBytes} bytes there are`, `an end at ${end}`);
    position = end;
  }
  if (position !== dataBytes) throw damaged(where, `${position} bytes of data`, `${dataBytes}`);
}

function tensorOf({ dtype, shape, begin, end }: Entry, file: Uint8Array, dataStart: number): Tensor {
  const array = arrayConstructor(dtype);
  const start = file.byteOffset + dataStart + begin;
  const aligned = start % dtypeBytes(dtype) === 0;
  // Files by other writers need not be aligned; typed arrays must be.
  const buffer = aligned ? file.buffer : file.slice(dataStart + begin, dataStart + end).buffer;
  const elements = new array(buffer, aligned ? start : 0, (end - begin) / dtypeBytes(dtype)) as TypedArray;
  return fromTypedArray(elements, shape, dtype);
}
