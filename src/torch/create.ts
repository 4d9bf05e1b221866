/** Tensors from values and from nothing. Random ones always name their generator: there is no global random state. */
import type { Generator } from "./generator.ts";
import { CoppiceError } from "../util/errors.ts";
import { native } from "./binding.ts";
import { type DType, dtypeCode, dtypeOfArray, type TypedArray } from "./dtype.ts";
import { nativeError, Operator } from "./operator.ts";
import { Tensor } from "./tensor.ts";

export interface CreateOptions {
  /** Default float32. */
  readonly dtype?: DType;
  /** Default `cpu`. */
  readonly device?: string;
}

export interface RandomOptions extends CreateOptions {
  readonly generator: Generator;
}

const operators = {
  empty: new Operator("aten::empty.memory_format"),
  full: new Operator("aten::full"),
  arange: new Operator("aten::arange.start_step"),
  eye: new Operator("aten::eye"),
  rand: new Operator("aten::rand.generator"),
  randn: new Operator("aten::randn.generator"),
  randint: new Operator("aten::randint.low_generator"),
  randperm: new Operator("aten::randperm.generator"),
};

// The tail that every creating schema shares: dtype, layout (strided), device.
function tail({ dtype = "float32", device = "cpu" }: CreateOptions): [number, null, string] {
  return [dtypeCode(dtype), null, device];
}

function made(handle: unknown): Tensor {
  return new Tensor(handle as number);
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function checkShape(where: string, shape: readonly number[], length: number): void {
  if (shape.some((size) => !Number.isInteger(size) || size < 0) || elements(shape) !== length) {
    throw new CoppiceError("E_SHAPE", `${where}: expected a shape of ${length} elements, got [${shape.join(", ")}]`);
  }
}

/**
 * A tensor on the memory of `data`, without a copy: whoever writes to one writes to both. The array is kept alive.
 * `dtype` reinterprets arrays that have none of their own: Uint8Array as bool, Uint16Array as float16 or bfloat16.
 */
export function fromTypedArray(data: TypedArray, shape: readonly number[], dtype?: DType): Tensor {
  checkShape("fromTypedArray", shape, data.length);
  const type = dtype ?? dtypeOfArray(data);
  try {
    return made(native.fromMemory(data, shape, dtypeCode(type)));
  } catch (error) {
    throw nativeError("fromTypedArray", [`${data.length} elements`, shape], error);
  }
}

/** A tensor holding a copy of `data`: typed arrays keep their type, plain numbers become float32 unless `dtype` says otherwise. */
export function tensor(
  data: TypedArray | readonly number[],
  options: { shape?: readonly number[]; dtype?: DType; device?: string } = {},
): Tensor {
  const shape = options.shape ?? [data.length];
  const plain = Array.isArray(data);
  const array = plain ? Float64Array.from(data as readonly number[]) : (data as TypedArray);
  const dtype = options.dtype ?? (plain ? "float32" : dtypeOfArray(array));
  using view = fromTypedArray(array, shape);
  const moved = options.device === undefined ? view.share() : view.to(options.device);
  const converted = moved.to(dtype);
  moved.dispose();
  // A conversion made a copy already; without one the tensor still lies on the caller's memory.
  if (converted.dtype !== view.dtype || converted.device !== view.device) return converted;
  const copy = converted.clone();
  converted.dispose();
  return copy;
}

/** Uninitialised memory: for results that are written next. */
export function empty(shape: readonly number[], options: CreateOptions = {}): Tensor {
  return made(operators.empty.invoke(shape, ...tail(options)));
}

export function full(shape: readonly number[], value: number, options: CreateOptions = {}): Tensor {
  return made(operators.full.invoke(shape, value, ...tail(options)));
}

export function zeros(shape: readonly number[], options: CreateOptions = {}): Tensor {
  return full(shape, 0, options);
}

export function ones(shape: readonly number[], options: CreateOptions = {}): Tensor {
  return full(shape, 1, options);
}

/** `start`, `start + step`, … below `end`; int64 by default, as in PyTorch for whole numbers. */
export function arange(start: number, end: number, step = 1, options: CreateOptions = {}): Tensor {
  return made(operators.arange.invoke(start, end, step, ...tail({ dtype: "int64", ...options })));
}

/** The identity matrix [n, n]. */
export function eye(n: number, options: CreateOptions = {}): Tensor {
  return made(operators.eye.invoke(n, ...tail(options)));
}

/** Uniform on [0, 1). */
export function rand(shape: readonly number[], options: RandomOptions): Tensor {
  return made(operators.rand.invoke(shape, options.generator.id, ...tail(options)));
}

/** Standard normal. */
export function randn(shape: readonly number[], options: RandomOptions): Tensor {
  return made(operators.randn.invoke(shape, options.generator.id, ...tail(options)));
}

/** Uniform integers in [low, high); int64 by default. */
export function randint(low: number, high: number, shape: readonly number[], options: RandomOptions): Tensor {
  return made(
    operators.randint.invoke(low, high, shape, options.generator.id, ...tail({ dtype: "int64", ...options })),
  );
}

/** A random permutation of 0 … n-1, int64. */
export function randperm(n: number, options: RandomOptions): Tensor {
  return made(operators.randperm.invoke(n, options.generator.id, ...tail({ dtype: "int64", ...options })));
}
