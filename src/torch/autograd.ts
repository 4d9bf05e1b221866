/** Differentiation beyond `Tensor.backward`. */
import { native } from "./binding.ts";
import { handlesOf, nativeError } from "./operator.ts";
import { synchronous } from "./scope.ts";
import { Tensor } from "./tensor.ts";

/**
 * Runs `body` without recording for backward. Also when it throws, what was in force before is restored.
 * @throws CoppiceError E_ARG when `body` is asynchronous.
 */
export function noGrad<T>(body: () => T): T {
  return withRecording("noGrad", false, body);
}

/** Runs `body` with recording, inside of `noGrad` too. @throws CoppiceError E_ARG when `body` is asynchronous. */
export function enableGrad<T>(body: () => T): T {
  return withRecording("enableGrad", true, body);
}

function withRecording<T>(where: string, recording: boolean, body: () => T): T {
  const before = native.setGradEnabled(recording);
  try {
    return synchronous(where, body());
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
  const handles = [outputs, inputs, gradOutputs ?? null].map((tensors) => tensors && handlesOf(tensors));
  const [of, by, given] = handles;
  try {
    return native.gradients(of, by, given, retainGraph, createGraph).map((handle) => new Tensor(handle));
  } catch (error) {
    throw nativeError("grad", handles, error);
  }
}
