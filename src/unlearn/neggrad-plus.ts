/**
 * NegGrad+: gradient descent on the retained data and gradient ascent on the forget data in the same step.
 *
 *   min_θ  β CE(θ; D_r) - (1 - β) CE(θ; D_f)   from θ_o
 *
 * Symbols    θ_o original · D_f forget, D_r retained data · β weight of the retained data
 * Source     Kurmanji et al., NeurIPS 2023, arXiv:2302.09880, section 4 (NegGrad+)
 * Reference  meghdadk/SCRUB (notebooks): two forward passes a step, retained batch first
 * Differs    weight decay pulls to zero and batches go through in training mode; xcadet/deepunlearn's copy of the notebook pulls to θ_o and keeps
 *            running statistics
 * Cost       `epochs` passes over D_r, each step with a forget batch beside it: about twice those of fine-tuning
 */
import { crossEntropy } from "../nn/index.ts";
import { constant, sgd } from "../optim/index.ts";
import { defineMethod } from "./method.ts";
import { PairedBatches } from "./tools/paired-batches.ts";
import { sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";

export interface NegGradPlusOptions extends SgdMethodOptions {
  /** β, 0 to 1. */
  readonly beta: number;
}

export const negGradPlus = defineMethod<NegGradPlusOptions>({
  name: "neggrad-plus",
  title: "NegGrad+",
  description: "gradient descent on the retained data and gradient ascent on the forget data in the same step",
  source: "Kurmanji et al., NeurIPS 2023, arXiv:2302.09880",
  cost: "epochs passes over the retained data, with a forget batch in each step: about twice fine-tuning",
  needs: { retain: true, forget: true, start: "original" },
  options: {
    ...sgdOptions({
      epochs: 10,
      lr: 0.01,
      source: "xcadet/deepunlearn munl/unlearning/neggradplus.py: 10 epochs, rate 0.01",
    }),
    beta: {
      type: "number",
      default: 0.95,
      min: 0,
      max: 1,
      description: "weight of the retained data's loss; the forget data's loss has weight 1 - beta",
      source: "meghdadk/SCRUB small-scale notebook: 0.95",
    },
  },

  async run({ model, retain, forget, trainer, generator }, { epochs, lr, momentum, weightDecay, beta }) {
    using beside = new PairedBatches(forget, trainer, epochs, generator);
    await trainer.fit(retain, {
      epochs,
      optimizer: sgd(model.namedParameters(), { lr, momentum, weightDecay }),
      schedule: constant({ lr }),
      loss: ({ logits_NK, labels_N, epoch, step }) => {
        const { images, labels } = beside.at(epoch, step);
        const climbed = crossEntropy(model.call(images), labels);
        return crossEntropy(logits_NK, labels_N)
          .mul(beta)
          .sub(climbed, 1 - beta);
      },
    });
    return {};
  },
});
