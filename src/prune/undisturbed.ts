/** Lets a pruner do what it must with a model, and gives the model back as it was. */
import type { Model } from "../models/index.ts";
import { copyAll, disposeAll, noGrad, scope, type Tensor } from "../torch/index.ts";

/** Runs `score`; after it weights, running statistics, precision and mode are what they were. The scores are kept. */
export function undisturbed(model: Model, score: () => Map<string, Tensor>): Map<string, Tensor> {
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
