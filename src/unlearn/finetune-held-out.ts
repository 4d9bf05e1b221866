/**
 * Fine-tuning alone, as a defence against backdoors: continue to train, only on the few clean images that were held out.
 *
 *   min_θ  CE(θ; D_c)   from θ_o
 *
 * Symbols    θ_o original · D_c clean held-out images
 * Source     Liu, Dolan-Gavitt and Garg, RAID 2018, arXiv:1805.12185, section 4 (fine-tuning)
 * Reference  SCLBD/BackdoorBench defense/ft.py, config/defense/ft: 100 epochs, rate 0.01
 * Differs    constant rate; the images are the split's validation part, not 5 % of the training images
 * Cost       `epochs` passes over D_c
 */
import { constant, sgd } from "../optim/index.ts";
import { defineMethod } from "./method.ts";
import { sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";

export const finetuneHeldOut = defineMethod<SgdMethodOptions>({
  name: "finetune-held-out",
  title: "Fine-tuning on held-out images",
  description: "continues to train on the clean held-out images only; needs no suspects",
  source: "Liu et al., RAID 2018, arXiv:1805.12185",
  cost: "epochs passes over the held-out images",
  needs: { retain: false, forget: false, start: "original" },
  options: sgdOptions({ epochs: 100, lr: 0.01, source: "BackdoorBench config/defense/ft" }),
  needsValidation: () => true,

  async run({ model, validation, trainer }, { epochs, lr, momentum, weightDecay }) {
    const optimizer = sgd(model.namedParameters(), { lr, momentum, weightDecay });
    await trainer.fit(validation, { epochs, optimizer, schedule: constant({ lr }) });
    return {};
  },
});
