/**
 * Random labels: train on the forget images under random labels, and on the retained images under their own.
 *
 *   each epoch:  ỹ ~ U{0, …, K-1} for D_f, drawn again,   min_θ CE(θ; D_f with ỹ), CE(θ; D_r)   from θ_o
 *
 * Symbols    θ_o original · D_f forget, D_r retained data · K classes
 * Source     Golatkar et al., CVPR 2020, arXiv:1911.04933 (random labels); Graves et al., AAAI 2021 (amnesiac unlearning)
 * Reference  OPTML-Group/Unlearn-Saliency Classification/unlearn/RL.py: `sequential` as on CIFAR-10 and SVHN, `mixed` as on CIFAR-100
 * Differs    a drawn label may be the true one, as there; option `labels other` leaves it out
 * Cost       `epochs` passes over D_f and D_r
 */
import { constant, sgd } from "../optim/index.ts";
import { defineMethod } from "./method.ts";
import {
  labelDrawer,
  randomLabelOptions,
  type RandomLabelOptions,
  smallestLabelled,
  trainOnLabels,
} from "./tools/random-labels.ts";

export const randomLabel = defineMethod<RandomLabelOptions>({
  name: "random-label",
  title: "Random labels (RL)",
  description: "trains on the forget data under random labels, drawn again each epoch, and on the retained data",
  source: "Golatkar et al., CVPR 2020; Graves et al., AAAI 2021",
  cost: "epochs passes over the forget and the retained data",
  needs: { retain: true, forget: true, start: "original" },
  options: randomLabelOptions,

  smallestSet: smallestLabelled,

  async run(context, options) {
    const { lr, momentum, weightDecay } = options;
    const optimizer = sgd(context.model.namedParameters(), { lr, momentum, weightDecay });
    const draw = labelDrawer(context, options.labels);
    await trainOnLabels(context, options, draw, { optimizer, schedule: constant({ lr }) });
    return {};
  },
});
