/** Every method, from a dense and from a 95 % sparse original; SISA from another original, which must be an ensemble. */
import { type GridModel, type GridSpec } from "../experiments/index.ts";
import { defaultSharding } from "../stages/index.ts";
import { methods as known } from "../unlearn/index.ts";
import { classWise, dense, methodRows, omp, randomTenth, type RecipeOptions, scaleOf, seedsOf } from "./scale.ts";

/** What a method cannot do. */
const wholeClassesOnly = new Set(["unsir"]);

const { shards } = defaultSharding;
const sharded: GridModel = { id: `shards${shards}`, label: `${shards} shards, dense`, sharding: defaultSharding };

export function methods(options: RecipeOptions): GridSpec {
  const scale = scaleOf(options.preset);
  const single = [dense, omp(0.95)];
  // Every model has a Retrain; defences against backdoors forget nothing in particular.
  const names = known
    .filter(({ name, needs }) => name !== "retrain" && (needs.retain || needs.forget))
    .map(({ name }) => name);
  return {
    name: "methods",
    title: "All methods, dense and at 95 %",
    preset: options.preset,
    train: scale.train,
    models: [...single, sharded],
    scenarios: [classWise, randomTenth],
    rows: methodRows(scale, names).map((row) => ({
      ...row,
      models: row.method === "sisa" ? [sharded.id] : single.map(({ id }) => id),
      ...(wholeClassesOnly.has(row.method) ? { scenarios: [classWise.id] } : {}),
    })),
    seeds: seedsOf(options),
    tests: [],
    findings: ["disparity-falls", "finetune-unlearns-sparse", "l1-close-to-retrain"],
    figures: ["method-bars"],
    notes: [
      ...scale.notes,
      "Methods have their published defaults and presets where the scale sets nothing; they are not tuned to it, so that a row shows what a method does as it comes.",
    ],
  };
}
