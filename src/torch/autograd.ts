/** Differentiation beyond `Tensor.backward`. */
import { native } from "./binding.ts";
import { nativeError } from "./operator.ts";
import { Tensor } from "./tensor.ts";

/** Runs `body` without recording for backward. Also when it throws, what was in force before is restored. */
export function noGrad<T>(body: () => T): T {
  const before = native.setGradEnabled(false);
  try {
    return body();
  } finally {
    native.setGradEnabled(before);
  }
}

/** Runs `body` with recording, inside of `noGrad` too. */
export function enableGrad<T>(body: () => T): T {
  const before = native.setGradEnabled(true);
  try {
    return body();
  } finally {
    native.setGradEnabled(before);
  }
}

export interface GradOptions {
  /** Keep the graph for another backward pass. Default: `createGraph`. */
  readonly retainGraph?: boolean;
  /** Make the gradients differentiable themselves (Hessian-vector products). */
  readonly createGraph?: boolean;
  /** ∂L/∂output, one an output; may be left out where outputs have one element. */
  readonly gradOutputs?: readonly Tensor[];
}

/**
 * ∂(Σ outputs)/∂inputs without touching any `grad`: one tensor an input, of its shape.
 * @throws CoppiceError E_NATIVE when an input was not used.
 */
export function grad(outputs: readonly Tensor[], inputs: readonly Tensor[], options: GradOptions = {}): Tensor[] {
  const { createGraph = false, retainGraph = createGraph, gradOutputs } = options;
  const outputHandles = outputs.map((output) => output.id);
  const inputHandles = inputs.map((input) => input.id);
  try {
    const given = gradOutputs?.map((gradient) => gradient.id) ?? null;
    const handles = native.gradients(outputHandles, inputHandles, given, retainGraph, createGraph);
    return handles.map((handle) => new Tensor(handle));
  } catch (error) {
    throw nativeError("grad", [outputHandles, inputHandles], error);
  }
}
