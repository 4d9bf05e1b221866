/** Tensors of the handles that operators return. */
import { invariant } from "../util/errors.ts";
import type { Tensor } from "./tensor.ts";

type TensorFactory = (handle: number) => Tensor;
let factory: TensorFactory | undefined;

/** Called once by tensor.ts, so that the generated operators can make tensors without importing the class that builds on them. */
export function setTensorFactory(make: TensorFactory): void {
  factory = make;
}

/** The tensor of a handle that an operator returned. */
export function wrap(handle: unknown): Tensor {
  invariant(factory !== undefined && typeof handle === "number", "an operator returned no tensor");
  return factory(handle);
}

export function wrapAll(handles: unknown): Tensor[] {
  invariant(Array.isArray(handles), "an operator returned no list of tensors");
  return handles.map(wrap);
}
