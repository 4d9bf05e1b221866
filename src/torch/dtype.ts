/** Element types: their names, libtorch's numbers for them, and the typed arrays that hold them. */
import { CoppiceError } from "../util/errors.ts";

// The numbers are c10::ScalarType's, fixed since PyTorch 1.0 because checkpoints carry them.
const codes = {
  uint8: 0,
  int8: 1,
  int16: 2,
  int32: 3,
  int64: 4,
  float16: 5,
  float32: 6,
  float64: 7,
  bool: 11,
  bfloat16: 15,
} as const;

export type DType = keyof typeof codes;

export type TypedArray =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

type TypedArrayConstructor = new (buffer: ArrayBufferLike, byteOffset?: number, length?: number) => TypedArray;

// float16 and bfloat16 have no array in JavaScript: their bit patterns are seen as Uint16Array, bool as Uint8Array.
const arrays: Record<DType, TypedArrayConstructor> = {
  uint8: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  float16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
  bool: Uint8Array,
  bfloat16: Uint16Array,
};

const bytes: Record<DType, number> = {
  uint8: 1,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  float16: 2,
  float32: 4,
  float64: 8,
  bool: 1,
  bfloat16: 2,
};

const names = new Map<number, DType>(Object.entries(codes).map(([name, code]) => [code, name as DType]));

export const dtypes: readonly DType[] = Object.keys(codes) as DType[];

export function dtypeCode(dtype: DType): number {
  if (isDType(dtype)) return codes[dtype];
  const got = typeof dtype === "string" ? dtype : typeName(dtype);
  throw new CoppiceError("E_DTYPE", `dtype: expected one of ${dtypes.join(", ")}, got ${got}`);
}

export function dtypeOfCode(code: number): DType {
  const name = names.get(code);
  if (name === undefined) {
    throw new CoppiceError(
      "E_DTYPE",
      `dtype: expected one of ${dtypes.join(", ")}, got libtorch's type number ${code}`,
    );
  }
  return name;
}

/** Bytes of one element. */
export function dtypeBytes(dtype: DType): number {
  return bytes[dtype];
}

export function arrayConstructor(dtype: DType): TypedArrayConstructor {
  return arrays[dtype];
}

/** The dtype whose elements `array` holds. */
export function dtypeOfArray(array: TypedArray): DType {
  if (array instanceof Float32Array) return "float32";
  if (array instanceof Float64Array) return "float64";
  if (array instanceof BigInt64Array) return "int64";
  if (array instanceof Int32Array) return "int32";
  if (array instanceof Int16Array) return "int16";
  if (array instanceof Int8Array) return "int8";
  if (array instanceof Uint8Array) return "uint8";
  throw new CoppiceError(
    "E_DTYPE",
    `tensor: expected a typed array that libtorch has a type for, got ${typeName(array)}`,
  );
}

function typeName(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

export function isDType(value: unknown): value is DType {
  return typeof value === "string" && Object.hasOwn(codes, value);
}
