/** One call path to every operator registered with libtorch, ours (`coppice::`) among them. */
import { shown } from "../util/shown.ts";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { native } from "./binding.ts";

/** An operator by name; looked up at its first call, so that importing costs nothing. */
export class Operator {
  readonly name: string;
  #index = -1;

  /** `name` as in PyTorch's schemas: `aten::add.Tensor`. */
  constructor(name: string) {
    this.name = name;
  }

  /** Handles and plain values in, handles and plain values out. */
  invoke(...args: unknown[]): unknown {
    if (this.#index < 0) this.#index = this.#resolve();
    try {
      return native.callOperator(this.#index, ...args);
    } catch (error) {
      throw nativeError(this.name, args, error);
    }
  }

  /** The schema as libtorch prints it. */
  schema(): string {
    if (this.#index < 0) this.#index = this.#resolve();
    return native.operatorSchema(this.#index);
  }

  #resolve(): number {
    const dot = this.name.indexOf(".");
    const [base, overload] = dot < 0 ? [this.name, ""] : [this.name.slice(0, dot), this.name.slice(dot + 1)];
    try {
      return native.resolveOperator(base, overload);
    } catch (error) {
      throw new CoppiceError("E_NATIVE", `${this.name}: ${messageOf(error)}`, {
        cause: error,
        hint: `this is libtorch ${native.info().libtorch}; the operator may have another name or overload there`,
      });
    }
  }
}

/** libtorch's sentence, preceded by operator and arguments; the stack is that of the TypeScript caller. */
export function nativeError(where: string, args: readonly unknown[], cause: unknown): CoppiceError {
  return new CoppiceError(
    "E_NATIVE",
    `${where}(${args.map((arg) => show(arg)).join(", ")}): ${messageOf(cause).trim()}`,
    { cause },
  );
}

// Handles of tensors and of objects begin here (native/addon/state.h): anything smaller is a number that the user gave.
const firstTensor = 2 ** 48;
const firstObject = 2 ** 52;

function show(value: unknown, depth = 0): string {
  if (Array.isArray(value)) {
    if (depth > 2) return "[...]";
    const items = value.slice(0, 8).map((item) => show(item, depth + 1));
    return `[${items.join(", ")}${value.length > 8 ? ", ..." : ""}]`;
  }
  if (typeof value === "number" && value >= firstObject && value < 2 * firstObject) return "NativeObject";
  if (typeof value === "number" && value >= firstTensor) {
    try {
      const [, , ...shape] = native.describe(value);
      return `Tensor[${shape.join(", ")}]`;
    } catch {
      return "disposed Tensor"; // describing only decorates the message of the error being reported
    }
  }
  return shown(value);
}

interface Held {
  readonly id: number;
}

/** The handle of a tensor. Anything else passes as it is: the addon refuses it, naming operator and argument. */
export function handleOf(tensor: Held | null | undefined): unknown {
  return typeof tensor?.id === "number" ? tensor.id : tensor;
}

export function handlesOf(tensors: readonly (Held | null)[]): unknown {
  return Array.isArray(tensors) ? tensors.map(handleOf) : tensors;
}

/**
 * The handle of the generator that random numbers are drawn from. Without one libtorch would draw from its global
 * generator, and runs could not be repeated.
 */
export function generatorHandle(generator: Held): number {
  if (typeof generator?.id === "number") return generator.id;
  throw new CoppiceError("E_ARG", `generator: expected a Generator, got ${shown(generator)}`);
}
