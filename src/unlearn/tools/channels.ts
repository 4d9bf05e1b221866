/** Convolutions with the normalisation that follows them, and the best pruning of them that clean images allow. */
import type { BatchSource } from "../../data/batches.ts";
import type { Model } from "../../models/index.ts";
import type { BatchNorm2d, Conv2d } from "../../nn/index.ts";
import { score } from "../../train/index.ts";
import { CoppiceError } from "../../util/errors.ts";

export interface NormalisedConvolution {
  readonly convolution: Conv2d;
  readonly norm: BatchNorm2d;
}

/** @param method for the error @throws CoppiceError E_CONFIG for a network that does not describe its steps */
export function normalisedConvolutions(model: Model, method: string): NormalisedConvolution[] {
  const graph = model.graph();
  if (graph !== null) return graph.steps.flatMap((step) => (step.kind === "convolution" ? [step] : []));
  throw new CoppiceError(
    "E_CONFIG",
    `${method}: expected a network that describes its convolutions, got ${model.spec.arch} without`,
  );
}

/**
 * Prunes harder and harder while the accuracy on clean held-out images stays within `tolerance` of what it was, and leaves the model as
 * after the last step that it did. Never looks at a trigger.
 * @param apply leaves the model pruned as by `step`; step 0 is unpruned
 * @returns the step that was left
 */
export function pruneWhileHarmless(
  model: Model,
  clean: BatchSource,
  {
    steps,
    tolerance,
    apply,
  }: { readonly steps: number; readonly tolerance: number; readonly apply: (step: number) => void },
): number {
  const least = score(model, clean).accuracy - tolerance;
  for (let step = 1; step <= steps; step++) {
    apply(step);
    if (score(model, clean).accuracy >= least) continue;
    apply(step - 1);
    return step - 1;
  }
  return steps;
}
