/**
 * Gradient ascent: undo training on the forget data by increasing its loss.
 *
 *   min_θ  -CE(θ; D_f) + γ ‖θ‖₁   from θ_o
 *
 * Symbols    θ_o original · D_f forget data · γ weight of the penalty, 0 by default (GA); above: GA+l1
 * Source     Thudi et al., EuroS&P 2022; Graves et al., AAAI 2021; as used in Jia et al., NeurIPS 2023, arXiv:2304.04934
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d unlearn/GA.py, GA and GA_l1
 * Differs    no known difference
 * Cost       `epochs` passes over D_f
 */
import { crossEntropy } from "../nn/index.ts";
import { constant, sgd } from "../optim/index.ts";
import { addSubgradient } from "./tools/l1-penalty.ts";
import { defineMethod } from "./method.ts";
import { sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";

export interface GradientAscentOptions extends SgdMethodOptions {
  /** γ ≥ 0. */
  readonly gamma: number;
}

export const gradientAscent = defineMethod<GradientAscentOptions>({
  name: "gradient-ascent",
  title: "Gradient ascent (GA)",
  description:
    "gradient ascent on the loss of the forget data; sensitive to the learning rate: no published value fits every case",
  source: "Jia et al., NeurIPS 2023, arXiv:2304.04934",
  cost: "epochs passes over the forget data",
  needs: { retain: false, forget: true, start: "original" },
  options: {
    ...sgdOptions({
      epochs: 5,
      lr: 1e-4,
      source: "reference README: --unlearn GA --unlearn_lr 0.0001 --unlearn_epochs 5",
    }),
    gamma: {
      type: "number",
      default: 0,
      min: 0,
      description: "weight of the l1 penalty, constant over the epochs; above 0 the method is GA+l1",
      source: "reference unlearn/GA.py: GA without, GA_l1 with it",
    },
  },

  caution({ wholeClasses }) {
    return wholeClasses
      ? undefined
      : "Gradient ascent on images drawn from all classes climbs on what the retained ones share with them; watch the accuracy on the retained images, and search the learning rate.";
  },

  async run({ model, forget, trainer }, { epochs, lr, momentum, weightDecay, gamma }) {
    const optimizer = sgd(model.namedParameters(), { lr, momentum, weightDecay });
    await trainer.fit(forget, {
      epochs,
      optimizer,
      schedule: constant({ lr }),
      loss: ({ logits_NK, labels_N }) => crossEntropy(logits_NK, labels_N).neg(),
      afterBackward: () => addSubgradient(model.parameters(), gamma),
    });
    return {};
  },
});
