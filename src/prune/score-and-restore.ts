/** Scores the weights of a model that the scoring changes, and restores the model. */
import type { Model } from "../models/index.ts";
import { copyAll, disposeAll, noGrad, scope, type Tensor } from "../torch/index.ts";

/**
 * Runs `score`, then restores weights, running statistics, dtype and mode of `model`, also when `score` throws.
 * @returns the scores of `score`, copied; the caller disposes of them
 */
export function scoreAndRestore(model: Model, score: () => Map<string, Tensor>): Map<string, Tensor> {
  const { training } = model;
  const dtype = model.parameters()[0]?.dtype ?? "float32";
  const before = copyAll(model.stateDict());
  try {
    return scope(() => copyAll(score()));
  } finally {
    if (dtype === "float32" || dtype === "float64") model.to(dtype);
    noGrad(() => model.loadStateDict(before));
    model.train(training);
    disposeAll(before);
  }
}
