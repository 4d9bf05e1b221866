/**
 * How a model is transferred to other data.
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, transfer learning with source classes removed
 * Reference  OPTML-Group/Unlearn-Sparse, its pull request 17 of 2026, `main.py transfer`: Adam, rate 1e-4, no weight decay, 200 epochs, cosine, batch 256,
 *            resolution 224; `lp` frozen in evaluation mode, `ff` full fine-tuning
 * Differs    the cosine goes down once an epoch instead of once a step
 */
import { expectChoice, expectInteger, expectRange } from "../../util/assert.ts";
import { CoppiceError } from "../../util/errors.ts";
import { checkRecipe, type DataConfig, type RecipeConfig } from "../config.ts";

export const probes = ["linear", "full"] as const;
/** `linear`: only a new last layer is trained, on features of the frozen network; `full`: all of it. */
export type Probe = (typeof probes)[number];

export interface TransferConfig {
  /** Run folder of the source model. */
  readonly model: string;
  /** The target: what it is transferred to. */
  readonly data: DataConfig;
  readonly probe: Probe;
  readonly recipe: RecipeConfig;
  /** Share of every class of the target's training part that is held out, in [0, 1). */
  readonly validationFraction: number;
  readonly seed: number;
  readonly device: string;
}

/** The paper's. */
export const transferRecipe: RecipeConfig = {
  epochs: 200,
  batchSize: 256,
  optimizer: "adam",
  lr: 1e-4,
  momentum: 0,
  weightDecay: 0,
  nesterov: false,
  schedule: "cosine",
  milestones: [],
  warmupEpochs: 0,
  augment: false,
};

/** @throws CoppiceError E_ARG naming the setting, E_CONFIG for a linear probe that should augment */
export function checkTransferConfig({ probe, recipe, validationFraction, seed }: Omit<TransferConfig, "model">): void {
  expectChoice("probe", probe, probes);
  checkRecipe(recipe);
  expectRange("validation", validationFraction, 0, 1, true);
  expectInteger("seed", seed, { min: 0 });
  if (probe === "full" || !recipe.augment) return;
  throw new CoppiceError("E_CONFIG", "probe linear: expected images as they are, got a recipe that augments them", {
    hint: "features are computed once for each image: leave --augment out, or use --probe full",
  });
}
