/**
 * Who frees tensors, and native objects likewise. A tensor belongs to the innermost scope that was open when it was made and is freed when that scope
 * ends, unless the scope's function returned it (then it belongs to the enclosing scope) or `keep` was called on it.
 * Outside of any scope, and for kept tensors, `dispose` or at the latest the garbage collector frees.
 */
import { CoppiceError } from "../util/errors.ts";
import { native } from "./binding.ts";

/** What a scope must know of a tensor. */
export interface Owned {
  readonly id: number;
  owner: Scope | null;
  dispose(): void;
}

export class Scope {
  readonly members: Owned[] = [];
}

let innermost: Scope | null = null;

const collector = new FinalizationRegistry<number>((id) => native.free(id));

/** Called once for every new tensor. */
export function adopt(tensor: Owned): void {
  tensor.owner = innermost;
  if (innermost === null) collector.register(tensor, tensor.id, tensor);
  else innermost.members.push(tensor);
}

/** Called when a tensor is disposed. */
export function disown(tensor: Owned): void {
  if (tensor.owner === null) collector.unregister(tensor);
}

/** Takes `tensor` out of every scope: it lives until `dispose`, or until the collector finds it unreachable. */
export function keep<T extends Owned>(tensor: T): T {
  if (tensor.owner !== null) {
    tensor.owner = null;
    collector.register(tensor, tensor.id, tensor);
  }
  return tensor;
}

/**
 * Runs `body` and frees every tensor made in it except those it returns: a tensor, or arrays, maps and plain objects of them.
 * @throws CoppiceError E_ARG when `body` is asynchronous: tensors made after the first `await` would belong to another scope.
 */
export function scope<T>(body: () => T): T {
  const outer = innermost;
  const inner = new Scope();
  innermost = inner;
  let result: T | undefined;
  try {
    result = synchronous("scope", body());
    return result;
  } finally {
    innermost = outer;
    close(inner, outer, result);
  }
}

/** `result`, unless it is a promise: what follows its first `await` would run after `where` has ended. */
export function synchronous<T>(where: string, result: T): T {
  if (!(result instanceof Promise)) return result;
  // The refusal below is the error to report; the promise's own must not end the process as unhandled.
  result.catch(() => undefined);
  throw new CoppiceError("E_ARG", `${where}: expected a synchronous function, got one that returns a promise`, {
    hint: `use ${where} inside of the asynchronous function, around each synchronous part`,
  });
}

function close(inner: Scope, outer: Scope | null, result: unknown): void {
  const returned = new Set<unknown>();
  collectReturned(result, returned);
  for (const tensor of inner.members) {
    if (tensor.owner !== inner) continue;
    if (!returned.has(tensor)) {
      tensor.dispose();
      continue;
    }
    tensor.owner = outer;
    if (outer === null) collector.register(tensor, tensor.id, tensor);
    else outer.members.push(tensor);
  }
}

function collectReturned(value: unknown, found: Set<unknown>): void {
  if (value === null || typeof value !== "object" || found.has(value)) return;
  found.add(value);
  if (Array.isArray(value) || value instanceof Set) for (const item of value) collectReturned(item, found);
  else if (value instanceof Map) for (const item of value.values()) collectReturned(item, found);
  else if (Object.getPrototypeOf(value) === Object.prototype) {
    for (const item of Object.values(value)) collectReturned(item, found);
  }
}

/** Tensors now held by JavaScript, and native objects. */
export function liveTensors(): number {
  return native.live();
}
