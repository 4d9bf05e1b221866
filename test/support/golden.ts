/**
 * Golden fixtures: numbers of the reference implementation, kept outside the repository.
 * Folder: `COPPICE_GOLDEN`, else `../shared/golden` next to the repository. Its README.md gives formats and tolerances.
 */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, it } from "vitest";

export type GoldenDType = "float32" | "float64" | "int32" | "int64" | "uint8";
export type GoldenData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** One tensor of a fixture: flat row-major `data` of `shape`. */
export interface GoldenTensor {
  readonly dtype: GoldenDType;
  readonly shape: number[];
  readonly data: GoldenData;
}

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** The folder of the fixtures, or undefined when this machine has none. A wrong `COPPICE_GOLDEN` is an error. */
export function goldenFolder(): string | undefined {
  const chosen = process.env["COPPICE_GOLDEN"];
  const folder = resolve(repository, chosen ?? "../shared/golden");
  if (existsSync(resolve(folder, "index.json"))) return folder;
  if (chosen !== undefined) throw new TypeError(`COPPICE_GOLDEN: expected a folder with an index.json, got ${folder}`);
  return undefined;
}

/** `describe` for tests that read fixtures; without the folder one skipped entry says what was left out. */
export function describeGolden(name: string, fn: () => void): void {
  if (goldenFolder() === undefined) it.skip(`left out, no golden fixtures: ${name}`);
  else describe(name, fn);
}

/** Absolute path of a fixture, `path` relative to the folder (`"splits/seed_overlap.json"`). */
export function goldenPath(path: string): string {
  const folder = goldenFolder();
  if (folder === undefined) throw new TypeError(`${path}: golden fixtures are only available inside describeGolden`);
  return resolve(folder, path);
}

/** A JSON fixture; the strings "NaN", "Infinity" and "-Infinity" become numbers. */
export function readGoldenJson<T = unknown>(path: string): T {
  const special = new Map([
    ["NaN", NaN],
    ["Infinity", Infinity],
    ["-Infinity", -Infinity],
  ]);
  const revive = (_key: string, value: unknown): unknown =>
    typeof value === "string" ? (special.get(value) ?? value) : value;
  return JSON.parse(readFileSync(goldenPath(path), "utf8"), revive) as T;
}

/** All tensors of a `.safetensors` fixture by name, in file order. Independent of the library's own reader on purpose. */
export function readGoldenTensors(path: string): Map<string, GoldenTensor> {
  const bytes = readFileSync(goldenPath(path));
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
