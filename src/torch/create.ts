/** Tensors from values and from nothing. Random ones always name their generator: there is no global random state. */
import type { Generator } from "./generator.ts";
import { markAsUntransferable } from "node:worker_threads";
import { shown } from "../util/shown.ts";
import { CoppiceError } from "../util/errors.ts";
import { native } from "./binding.ts";
import { arrayConstructor, type DType, dtypeCode, dtypeOfArray, type TypedArray } from "./dtype.ts";
import { generatorHandle, nativeError, Operator } from "./operator.ts";
import { scope } from "./scope.ts";
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
  const valid = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (valid && elements(shape) === length) return;
  const got = Array.isArray(shape) ? `[${shape.map(shown).join(", ")}]` : shown(shape);
  throw new CoppiceError("E_SHAPE", `${where}: expected a shape of ${length} elements, got ${got}`);
}

/** The memory must hold what `dtype` says there is, and stay where it is for as long as libtorch uses it. */
function checkMemory(data: TypedArray, dtype: DType): void {
  if (!(data instanceof arrayConstructor(dtype))) {
    const wanted = arrayConstructor(dtype).name;
    throw new CoppiceError("E_DTYPE", `fromTypedArray: expected a ${wanted} for ${dtype}, got ${typeName(data)}`);
  }
  if ((data.buffer as { resizable?: boolean }).resizable === true) {
    throw new CoppiceError("E_ARG", "fromTypedArray: expected memory of fixed size, got a resizable ArrayBuffer");
  }
  if (data.buffer instanceof ArrayBuffer) markAsUntransferable(data.buffer);
}

function typeName(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/**
 * A tensor on the memory of `data`, without a copy: whoever writes to one writes to both. The array is kept alive, and
 * its buffer can no longer be transferred to another thread.
 * `dtype` reinterprets the elements: Uint8Array as bool, Uint16Array as float16 or bfloat16.
 * @throws CoppiceError E_SHAPE, E_DTYPE, or E_ARG for a resizable buffer.
 */
export function fromTypedArray(data: TypedArray, shape: readonly number[], dtype?: DType): Tensor {
  const type = dtype ?? dtypeOfArray(data);
  const code = dtypeCode(type);
  checkMemory(data, type);
  checkShape("fromTypedArray", shape, data.length);
  try {
    return made(native.fromMemory(data, shape, code));
  } catch (error) {
    throw nativeError("fromTypedArray", [`${data.length} elements`, shape], error);
  }
}

/**
 * Copies the elements of `from`, in row-major order, into `array`, converted to its type, and gives it back. For arrays made in a long synchronous
 * loop: the memory of a view by `data()` is freed only when the event loop turns.
 * @throws CoppiceError E_SHAPE when the array has another length
 */
export function copyToArray<A extends TypedArray>(from: Tensor, array: A): A {
  using target = fromTypedArray(array, from.shape);
  scope(() => void target.copy_(from.detach()));
  return array;
}

/** A tensor holding a copy of `data`: typed arrays keep their type, plain numbers become float32 unless `dtype` says otherwise. */
export function tensor(
  data: TypedArray | readonly number[],
  options: { shape?: readonly number[]; dtype?: DType; device?: string } = {},
): Tensor {
  const plain = Array.isArray(data);
  const array = plain ? arrayOfNumbers(data as readonly number[]) : (data as TypedArray);
  const dtype = options.dtype ?? (plain ? "float32" : dtypeOfArray(array));
  dtypeCode(dtype); // refuses names that `to` would take for a device
  using view = fromTypedArray(array, options.shape ?? [array.length]);
  const moved = options.device === undefined ? view.share() : view.to(options.device);
  const converted = moved.to(dtype);
  moved.dispose();
  // A conversion made a copy already; without one the tensor still lies on the caller's memory.
  if (converted.dtype !== view.dtype || converted.device !== view.device) return converted;
  const copy = converted.clone();
  converted.dispose();
  return copy;
}

function arrayOfNumbers(values: readonly number[]): Float64Array {
  const at = values.findIndex((value) => typeof value !== "number");
  if (at < 0) return Float64Array.from(values);
  throw new CoppiceError("E_ARG", `tensor: expected numbers, got ${typeof values[at]} at position ${at}`);
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
  return made(operators.rand.invoke(shape, generatorHandle(options.generator), ...tail(options)));
}

/** Standard normal. */
export function randn(shape: readonly number[], options: RandomOptions): Tensor {
  return made(operators.randn.invoke(shape, generatorHandle(options.generator), ...tail(options)));
}

/** Uniform integers in [low, high); int64 by default. */
export function randint(low: number, high: number, shape: readonly number[], options: RandomOptions): Tensor {
  return made(
    operators.randint.invoke(
      low,
      high,
      shape,
      generatorHandle(options.generator),
      ...tail({ dtype: "int64", ...options }),
    ),
  );
}

/** A random permutation of 0 … n-1, int64. */
export function randperm(n: number, options: RandomOptions): Tensor {
  return made(
    operators.randperm.invoke(n, generatorHandle(options.generator), ...tail({ dtype: "int64", ...options })),
  );
}
