/** Figure 1: UA, MIA, RA and TA of FT, GA, FF and IU against the sparsity of the original. */
import type { GridSpec } from "../experiments/index.ts";
import { classWise, dense, methodRows, omp, type RecipeOptions, scaleOf, seedsOf } from "./scale.ts";

/** The authors' grid. */
const sparsities = [0.5, 0.75, 0.9, 0.95, 0.99, 0.995] as const;

export function figure1(options: RecipeOptions): GridSpec {
  const scale = scaleOf(options.preset);
  return {
    name: "figure1",
    title: "Figure 1: unlearning a class over the sparsity of the original",
    preset: options.preset,
    train: scale.train,
    models: [dense, ...sparsities.map(omp)],
    scenarios: [classWise],
    rows: methodRows(scale, ["finetune", "gradient-ascent", "fisher", "influence", "l1-sparse"]),
    seeds: seedsOf(options),
    tests: [],
    findings: ["sparser-forgets-more", "finetune-unlearns-sparse"],
    figures: ["sparsity-curves"],
    notes: scale.notes,
  };
}
