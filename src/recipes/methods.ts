/** Every method, from a dense and from a 95 % sparse original. */
import type { GridSpec } from "../experiments/index.ts";
import { methods as known } from "../unlearn/index.ts";
import { classWise, dense, methodRows, omp, randomTenth, type RecipeOptions, scaleOf, seedsOf } from "./scale.ts";

/** What a method cannot do. */
const wholeClassesOnly = new Set(["unsir"]);

export function methods(options: RecipeOptions): GridSpec {
  const scale = scaleOf(options.preset);
  // Every model has a Retrain; SISA needs an ensemble that was trained in shards; defences against backdoors forget nothing in particular.
  const names = known
    .filter(({ name, needs }) => name !== "retrain" && name !== "sisa" && (needs.retain || needs.forget))
    .map(({ name }) => name);
  return {
    name: "methods",
    title: "All methods, dense and at 95 %",
    preset: options.preset,
    train: scale.train,
    models: [dense, omp(0.95)],
    scenarios: [classWise, randomTenth],
    rows: methodRows(scale, names).map((row) =>
      wholeClassesOnly.has(row.method) ? { ...row, scenarios: [classWise.id] } : row,
    ),
    seeds: seedsOf(options),
    tests: [],
    findings: [],
    figures: ["method-bars"],
    notes: [
      ...scale.notes,
      "Methods have their published defaults and presets where the scale sets nothing; they are not tuned to it, so that a row shows what a method does as it comes.",
    ],
  };
}
