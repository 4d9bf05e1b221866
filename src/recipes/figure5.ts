/** Figure 5: l1-sparse unlearning of a dense original beside FT and Retrain. */
import type { GridSpec } from "../experiments/index.ts";
import { classWise, dense, methodRows, randomTenth, type RecipeOptions, scaleOf, seedsOf } from "./scale.ts";

export function figure5(options: RecipeOptions): GridSpec {
  const scale = scaleOf(options.preset);
  return {
    name: "figure5",
    title: "Figure 5: l1-sparse unlearning beside FT and Retrain",
    preset: options.preset,
    train: scale.train,
    models: [dense],
    scenarios: [classWise, randomTenth],
    rows: methodRows(scale, ["finetune", "l1-sparse"]),
    seeds: seedsOf(options),
    tests: (["UA", "MIA", "disparity"] as const).map((score) => ({
      score,
      first: { label: "l1-sparse", model: "dense" },
      second: { label: "FT", model: "dense" },
    })),
    findings: ["l1-close-to-retrain"],
    figures: ["radar"],
    notes: scale.notes,
  };
}
