/**
 * Retraining from scratch on the retained data: what exact unlearning would give, and the oracle others are measured against.
 *
 *   min_θ  CE(θ; D_r)   from a new initialisation, trained as the original was
 *
 * Symbols    D_r retained data
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d unlearn/retrain.py
 * Differs    epochs, rate and schedule are the original's own (the reference: 160 epochs at rate 0.1, milestones 91 and 136,
 *            against 182 for the original). Under a mask, the mask was found with the forget data, as in the reference.
 * Cost       as the original's training, less the forget data
 */
import { defineMethod } from "./method.ts";
import { sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";

export const retrain = defineMethod<Pick<SgdMethodOptions, "epochs" | "lr">>({
  name: "retrain",
  title: "Retrain",
  description:
    "trains a new model on the retained data as the original was trained; exact, and the oracle of every audit",
  source: "Jia et al., NeurIPS 2023, arXiv:2304.04934",
  cost: "the original's training",
  needs: { retain: true, forget: false, start: "fresh" },
  options: (({ epochs, lr }) => ({ epochs, lr }))(
    sgdOptions({
      epochs: "original",
      lr: "original",
      source: "the original's own training: an oracle must differ in its data alone",
    }),
  ),

  async run({ model, retain, trainer, recipe }, { epochs, lr }) {
    await trainer.fit(retain, { epochs, ...recipe.fit(model.namedParameters(), epochs, lr) });
    return {};
  },
});
