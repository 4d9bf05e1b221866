/** How the weight of the l1 penalty goes over the epochs of l1-sparse unlearning: constant, increasing, decreasing; subgradient or proximal. */
import type { GridSpec } from "../experiments/index.ts";
import { classWise, dense, methodRows, randomTenth, type RecipeOptions, scaleOf, seedsOf } from "./scale.ts";

export function schedules(options: RecipeOptions): GridSpec {
  const scale = scaleOf(options.preset);
  const common = scale.options["l1-sparse"] ?? {};
  const variant = (label: string, schedule: string, solver: string): GridSpec["rows"][number] => ({
    method: "l1-sparse",
    label,
    options: { ...common, schedule, solver },
  });
  return {
    name: "schedules",
    title: "Schedules of the l1 penalty",
    preset: options.preset,
    train: scale.train,
    models: [dense],
    scenarios: [classWise, randomTenth],
    rows: [
      ...methodRows(scale, ["finetune"]),
      variant("decreasing", "decay", "subgradient"),
      variant("constant", "constant", "subgradient"),
      variant("increasing", "increase", "subgradient"),
      variant("decreasing, proximal", "decay", "proximal"),
      variant("constant, proximal", "constant", "proximal"),
      variant("increasing, proximal", "increase", "proximal"),
    ],
    seeds: seedsOf(options),
    tests: ["constant", "increasing"].map((label) => ({
      score: "disparity",
      first: { label: "decreasing", model: "dense" },
      second: { label, model: "dense" },
    })),
    findings: ["decaying-penalty"],
    figures: ["method-bars"],
    notes: scale.notes,
  };
}
