/** Lets a pruner do what it must with a model, and gives the model back as it was. */
import type { Model } from "../models/index.ts";
import { keep, noGrad, scope, type Tensor } from "../torch/index.ts";

/** Runs `score`; after it weights, running statistics, precision and mode are what they were. The scores are kept. */
export function undisturbed(model: Model, score: () => Map<string, Tensor>): Map<string, Tensor> {
  const { training } = model;
  const dtype = model.parameters()[0]?.dtype ?? "float32";
  const before = new Map([...model.stateDict()].map(([name, value]) => [name, keep(value.detach().clone())]));
  try {
    const scores = scope(() => new Map([...score()].map(([name, value]) => [name, keep(value.detach().clone())])));
    return scores;
  } finally {
    if (dtype === "float32" || dtype === "float64") model.to(dtype);
    noGrad(() => model.loadStateDict(before));
    model.train(training);
    for (const value of before.values()) value.dispose();
  }
}
