/**
 * Fine-tuning: continue to train on the retained data only, so that the model forgets the rest.
 *
 *   min_θ  CE(θ; D_r)   from θ_o
 *
 * Symbols    θ_o original · D_r retained data
 * Source     Warnecke et al., 2021; Golatkar et al., CVPR 2020; as used in Jia et al., NeurIPS 2023, arXiv:2304.04934
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d unlearn/FT.py
 * Differs    the schedule's milestones, which ten epochs never reach, are left out
 * Cost       `epochs` passes over D_r
 */
import { constant, sgd } from "../optim/index.ts";
import { defineMethod } from "./method.ts";
import { sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";

export const finetune = defineMethod<SgdMethodOptions>({
  name: "finetune",
  title: "Fine-tuning (FT)",
  description: "continues to train on the retained data only",
  source: "Jia et al., NeurIPS 2023, arXiv:2304.04934",
  cost: "epochs passes over the retained data",
  needs: { retain: true, forget: false, start: "original" },
  options: sgdOptions({
    epochs: 10,
    lr: 0.01,
    source: "reference README: --unlearn FT --unlearn_lr 0.01 --unlearn_epochs 10",
  }),

  async run({ model, retain, trainer }, { epochs, lr, momentum, weightDecay }) {
    const optimizer = sgd(model.namedParameters(), { lr, momentum, weightDecay });
    await trainer.fit(retain, { epochs, optimizer, schedule: constant({ lr }) });
    return {};
  },
});
