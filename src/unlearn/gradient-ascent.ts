/**
 * Gradient ascent: undo training on the forget data by climbing its loss.
 *
 *   min_θ  -CE(θ; D_f)   from θ_o
 *
 * Symbols    θ_o original · D_f forget data
 * Source     Thudi et al., EuroS&P 2022; Graves et al., AAAI 2021; as used in Jia et al., NeurIPS 2023, arXiv:2304.04934
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d unlearn/GA.py
 * Differs    nothing known
 * Cost       `epochs` passes over D_f
 */
import { crossEntropy } from "../nn/index.ts";
import { constant, sgd } from "../optim/index.ts";
import { defineMethod } from "./method.ts";
import { sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";

export const gradientAscent = defineMethod<SgdMethodOptions>({
  name: "gradient-ascent",
  title: "Gradient ascent (GA)",
  description:
    "climbs the loss of the forget data; sensitive to the learning rate, which no published value fits everywhere",
  source: "Jia et al., NeurIPS 2023, arXiv:2304.04934",
  cost: "epochs passes over the forget data",
  needs: { retain: false, forget: true, start: "original" },
  options: sgdOptions({
    epochs: 5,
    lr: 1e-4,
    source: "reference README: --unlearn GA --unlearn_lr 0.0001 --unlearn_epochs 5",
  }),

  async run({ model, forget, trainer }, { epochs, lr, momentum, weightDecay }) {
    const optimizer = sgd(model.namedParameters(), { lr, momentum, weightDecay });
    const summary = await trainer.fit(forget, {
      epochs,
      optimizer,
      schedule: constant({ lr }),
      loss: ({ logits_NK, labels_N }) => crossEntropy(logits_NK, labels_N).neg(),
    });
    return { summary };
  },
});
