/**
 * How a model is transferred to other data.
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, transfer learning with source classes removed
 * Reference  OPTML-Group/Unlearn-Sparse, its pull request 17 of 2026, `main.py transfer`: Adam, rate 1e-4, no weight decay, 200 epochs, cosine, batch 256,
 *            resolution 224; `lp` frozen in evaluation mode, `ff` full fine-tuning
 * Differs    the cosine goes down once an epoch instead of once a step
 */
import {
  checkConfig,
  type RecipeConfig,
  type TransferConfig,
  transferConfigSchema,
  transferDefaults,
} from "../../record/index.ts";
import { expectInteger, expectRange } from "../../util/assert.ts";
import { CoppiceError } from "../../util/errors.ts";
import { checkRecipe } from "../config.ts";

export { type Probe, probes, type TransferConfig } from "../../record/index.ts";

/** The paper's. */
export const transferRecipe: RecipeConfig = transferDefaults.recipe;

/** @throws CoppiceError E_ARG naming the setting, E_CONFIG for a linear probe that should augment */
export function checkTransferConfig(config: Omit<TransferConfig, "model">): void {
  checkConfig(transferConfigSchema.partial({ model: true }), config);
  const { probe, recipe, validationFraction, seed } = config;
  checkRecipe(recipe);
  expectRange("validation", validationFraction, 0, 1, true);
  expectInteger("seed", seed, { min: 0 });
  if (probe === "full" || !recipe.augment) return;
  throw new CoppiceError("E_CONFIG", "probe linear: expected images as they are, got a recipe that augments them", {
    hint: "features are computed once for each image: leave --augment out, or use --probe full",
  });
}
