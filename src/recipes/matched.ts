/**
 * Is it sparsity, or how far the original has fitted? FT and l1-sparse from dense originals of fewer and of as many epochs, and from sparse
 * originals trained under their mask for fewer, as many and more, so that training losses overlap.
 */
import type { GridModel, GridSpec } from "../experiments/index.ts";
import { classWise, methodRows, omp, type RecipeOptions, scaleOf, seedsOf } from "./scale.ts";

const denseShares = [0.4, 0.6, 0.8, 1];
const sparseShares = [0.5, 1, 2];

export function matched(options: RecipeOptions): GridSpec {
  const scale = scaleOf(options.preset);
  const { epochs } = scale.train.recipe;
  const models: GridModel[] = [
    ...denseShares.map((share) => denseOf(Math.round(share * epochs), epochs)),
    ...sparseShares.map((share) => sparseOf(Math.round(share * (epochs - scale.train.rewindEpoch)))),
  ];
  return {
    name: "matched",
    title: "Sparsity, or how far the original has fitted",
    preset: options.preset,
    train: scale.train,
    models,
    scenarios: [classWise],
    rows: methodRows(scale, ["finetune", "l1-sparse"]),
    seeds: seedsOf(options),
    tests: [],
    findings: ["sparsity-or-fit"],
    figures: ["loss-scatter"],
    notes: [
      ...scale.notes,
      "An original of fewer epochs has a whole schedule, with the rate drops at half and three quarters of its epochs.",
    ],
  };
}

function denseOf(epochs: number, all: number): GridModel {
  if (epochs === all) return { id: "dense", label: `dense, ${epochs} epochs` };
  return { id: `dense-${epochs}`, label: `dense, ${epochs} epochs`, recipe: { epochs } };
}

function sparseOf(epochs: number): GridModel {
  const { prune, ...model } = omp(0.95);
  return {
    id: `${model.id}-${epochs}`,
    label: `${model.label}, ${epochs} epochs under the mask`,
    ...(prune === undefined ? {} : { prune: { ...prune, epochs } }),
  };
}
