/** The main table: Retrain, FT, GA, FF and IU from a dense and a 95 % sparse original, and l1-sparse beside them. */
import type { GridSpec } from "../experiments/index.ts";
import { classWise, dense, methodRows, omp, randomTenth, type RecipeOptions, scaleOf, seedsOf } from "./scale.ts";

export function table1(options: RecipeOptions): GridSpec {
  const scale = scaleOf(options.preset);
  const methods = ["finetune", "gradient-ascent", "fisher", "influence"];
  const rows = methodRows(scale, [...methods, "l1-sparse"]);
  return {
    name: "table1",
    title: "Main table: approximate unlearning from a dense and from a 95 % sparse original",
    preset: options.preset,
    train: scale.train,
    models: [dense, omp(0.95)],
    scenarios: [classWise, randomTenth],
    rows,
    seeds: seedsOf(options),
    tests: methodRows(scale, methods).map(({ label = "" }) => ({
      score: "disparity",
      first: { label, model: "omp95" },
      second: { label, model: "dense" },
    })),
    findings: ["disparity-falls", "finetune-unlearns-sparse"],
    figures: ["method-bars"],
    notes: scale.notes,
  };
}
