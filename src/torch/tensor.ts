/** The tensor: a handle on libtorch's, with PyTorch's operators as methods. */
import type { DType, TypedArray } from "./dtype.ts";
import { CoppiceError } from "../util/errors.ts";
import { native } from "./binding.ts";
import { arrayConstructor, dtypeCode, dtypeOfCode, isDType } from "./dtype.ts";
import { handleOf, nativeError, Operator } from "./operator.ts";
import { adopt, disown, type Owned, type Scope } from "./scope.ts";
import { TensorMethods } from "./tensor-methods.generated.ts";
import { setTensorFactory } from "./wrap.ts";

const toDtype = new Operator("aten::to.dtype");
const toDevice = new Operator("aten::to.device");

export class Tensor extends TensorMethods implements Owned, Disposable {
  /** The addon's handle; stale once disposed. */
  readonly id: number;
  /** The scope that will free this tensor; null where none will. */
  owner: Scope | null = null;
  #disposed = false;

  /** For the tensor layer only: users make tensors with `tensor`, `zeros`, … */
  constructor(handle: number) {
    super();
    this.id = handle;
    adopt(this);
  }

  get isDisposed(): boolean {
    return this.#disposed;
  }

  get shape(): readonly number[] {
    return this.#describe().slice(2) as number[];
  }

  get dtype(): DType {
    return dtypeOfCode(this.#describe()[0]);
  }

  /** `cpu` or `cuda:0`. */
  get device(): string {
    return this.#describe()[1];
  }

  /** Number of elements. */
  get numel(): number {
    return this.shape.reduce((product, size) => product * size, 1);
  }

  /** Number of dimensions. */
  dim(): number {
    return this.#describe().length - 2;
  }

  get requiresGrad(): boolean {
    return native.requiresGrad(this.#live());
  }

  set requiresGrad(value: boolean) {
    try {
      native.requiresGrad(this.#live(), value);
    } catch (error) {
      throw nativeError("requiresGrad", [this.id, value], error);
    }
  }

  /**
   * The accumulated gradient, null before the first backward pass. Each read gives a new handle on the same tensor.
   * Setting: of this tensor's shape, dtype and device, else CoppiceError E_SHAPE; null forgets it.
   */
  get grad(): Tensor | null {
    const handle = native.grad(this.#live());
    return handle === null ? null : new Tensor(handle);
  }

  set grad(value: Tensor | null) {
    if (value !== null) checkGradient(this, value);
    native.setGrad(this.#live(), value === null ? null : value.#live());
  }

  /** Adds to the `grad` of every leaf this tensor was computed from; a gradient of this tensor's shape unless it has one element. */
  backward(gradient?: Tensor, options: { retainGraph?: boolean; createGraph?: boolean } = {}): void {
    const { createGraph = false, retainGraph = createGraph } = options;
    try {
      native.backward([this.id], gradient === undefined ? null : [handleOf(gradient)], retainGraph, createGraph);
    } catch (error) {
      throw nativeError("backward", [this.id], error);
    }
  }

  /** This tensor as another element type (`float64`) or on another device (`cuda:0`); shares memory when nothing changes. */
  to(dtypeOrDevice: string): Tensor {
    const handle = isDType(dtypeOrDevice)
      ? toDtype.invoke(this.id, dtypeCode(dtypeOrDevice))
      : toDevice.invoke(this.id, dtypeOrDevice, dtypeCode(this.dtype));
    return new Tensor(handle as number);
  }

  /** A second handle on the same tensor, owned on its own: writing through one shows in the other. */
  share(): Tensor {
    return new Tensor(native.share(this.#live()));
  }

  /**
   * The value of the only element; int64 beyond 2^53 loses its last digits.
   * @throws CoppiceError E_NATIVE unless there is exactly one.
   */
  item(): number {
    try {
      return native.item(this.#live());
    } catch (error) {
      throw nativeError("item", [this.id], error);
    }
  }

  /**
   * The elements without a copy: writing to the array writes to the tensor, and the memory lives as long as the array.
   * float16 and bfloat16 come as their bit patterns, bool as bytes.
   * @throws CoppiceError E_NATIVE unless the tensor is contiguous and on the CPU.
   */
  data(): TypedArray {
    try {
      return new (arrayConstructor(this.dtype))(native.memory(this.#live()));
    } catch (error) {
      throw nativeError("data", [this.id], error);
    }
  }

  /** The elements in row-major order as numbers, from any device, dtype and layout; int64 beyond 2^53 is rounded. */
  toArray(): number[] {
    const values = new Float64Array(this.numel);
    using target = new Tensor(native.fromMemory(values, this.shape, dtypeCode("float64")));
    target.copy_(this);
    return Array.from(values);
  }

  /** Frees the handle now. The memory goes when nothing else (a view, autograd, a typed array) uses it. Twice is harmless. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    disown(this);
    native.free(this.id);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  override toString(): string {
    if (this.#disposed) return "Tensor(disposed)";
    return `Tensor(shape=[${this.shape.join(", ")}], dtype=${this.dtype}, device=${this.device})`;
  }

  #live(): number {
    if (this.#disposed) {
      throw new CoppiceError("E_ARG", "tensor: expected one that is in use, got one that was disposed", {
        hint: "return it from its scope, or call keep() on it",
      });
    }
    return this.id;
  }

  #describe(): [number, string, ...number[]] {
    return native.describe(this.#live());
  }
}

function checkGradient(tensor: Tensor, gradient: Tensor): void {
  if (!(gradient instanceof Tensor) || gradient === tensor) {
    throw new CoppiceError("E_ARG", "grad: expected another Tensor or null, got something else");
  }
  const [expected, got] = [tensor.toString(), gradient.toString()];
  if (got !== expected) throw new CoppiceError("E_SHAPE", `grad: expected ${expected}, got ${got}`);
}

setTensorFactory((handle) => new Tensor(handle));
