/** Golden fixtures: numbers of the reference implementation, in test/golden/reference. Its README.md gives formats and tolerances. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export type GoldenDType = "float32" | "float64" | "int32" | "int64" | "uint8";
export type GoldenData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** One tensor of a fixture: flat row-major `data` of `shape`. */
export interface GoldenTensor {
  readonly dtype: GoldenDType;
  readonly shape: number[];
  readonly data: GoldenData;
}

const folder = new URL("../golden/reference/", import.meta.url);

/** The bytes of a fixture, `path` relative to the folder. Tensors are kept compressed: `x.safetensors` lies in `x.safetensors.gz`. */
export function readGolden(path: string): Buffer {
  return path.endsWith(".safetensors")
    ? gunzipSync(readFileSync(new URL(`${path}.gz`, folder)))
    : readFileSync(new URL(path, folder));
}

/** A JSON fixture. */
export function readGoldenJson<T = unknown>(path: string): T {
  return JSON.parse(readGolden(path).toString("utf8")) as T;
}

/** All tensors of a `.safetensors` fixture by name, in file order. Independent of the library's own reader on purpose. */
export function readGoldenTensors(path: string): Map<string, GoldenTensor> {
  const bytes = readGolden(path);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + headerLength)) as Record<string, Entry>;
  const tensors = new Map<string, GoldenTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const [begin, end] = entry.data_offsets;
    const start = bytes.byteOffset + 8 + headerLength;
    const { dtype, view } = readers[entry.dtype];
    tensors.set(name, { dtype, shape: entry.shape, data: view(bytes.buffer.slice(start + begin, start + end)) });
  }
  return tensors;
}

interface Entry {
  readonly dtype: keyof typeof readers;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

interface Reader {
  readonly dtype: GoldenDType;
  readonly view: (buffer: ArrayBufferLike) => GoldenData;
}

const readers = {
  F32: { dtype: "float32", view: (buffer) => new Float32Array(buffer) },
  F64: { dtype: "float64", view: (buffer) => new Float64Array(buffer) },
  I32: { dtype: "int32", view: (buffer) => new Int32Array(buffer) },
  I64: { dtype: "int64", view: (buffer) => new BigInt64Array(buffer) },
  U8: { dtype: "uint8", view: (buffer) => new Uint8Array(buffer) },
} satisfies Record<string, Reader>;
