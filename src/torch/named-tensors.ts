/** Tensors by name, such as a state dict: all of them at once. */
import { sha256Hex } from "../util/hash.ts";
import { noGrad } from "./autograd.ts";
import { keep, scope } from "./scope.ts";
import type { Tensor } from "./tensor.ts";

/** Copies without gradients, which no scope frees; the caller disposes of them with {@link disposeAll}. */
export function copyAll(tensors: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  return new Map([...tensors].map(([name, tensor]) => [name, keep(scope(() => tensor.detach().clone()))]));
}

/** Frees every one; none of them can be used afterwards. */
export function disposeAll(tensors: ReadonlyMap<string, Tensor>): void {
  for (const tensor of tensors.values()) tensor.dispose();
}

/** The name of the first tensor with an entry that is NaN or infinite; null where there is none. Takes no more memory than for the largest one. */
export function firstNotFinite(tensors: ReadonlyMap<string, Tensor>): string | null {
  for (const [name, tensor] of tensors) {
    if (noGrad(() => scope(() => tensor.isfinite().all().item())) === 0) return name;
  }
  return null;
}

/** SHA-256 in hexadecimal of `text` and of the name, type, shape and content of every tensor, in their order. */
export function tensorsHash(text: string, tensors: ReadonlyMap<string, Tensor>): string {
  const parts = [...tensors].map(([name, value]) =>
    scope(() => {
      const array = value.detach().to("cpu").contiguous().data();
      const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      return [name, value.dtype, value.shape, sha256Hex(bytes)];
    }),
  );
  return sha256Hex(text + JSON.stringify(parts));
}
