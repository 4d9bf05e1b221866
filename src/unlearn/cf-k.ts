/**
 * CF-k: fine-tune the last k layers on the retained data, so that they forget the rest (catastrophic forgetting).
 *
 *   min over the last k layers  CE(θ; D_r)   from θ_o
 *
 * Symbols    θ_o original · D_r retained data · k layers: convolutions and linear layers, with their normalisations
 * Source     Goel et al., 2022, arXiv:2201.06640, section 4 (catastrophic forgetting)
 * Reference  xcadet/deepunlearn munl/unlearning/catastrophic_forgetting_k.py
 * Differs    k counts convolutions and linear layers, the classifier among them; the reference counts residual blocks, and takes the classifier in
 *            any case. The rate is constant and the weight decay that of fine-tuning, where the reference lowers the rate in steps and has weight decay 0.1. Running
 *            statistics of the other layers' normalisations move, since batches go through them in training mode, as there
 * Cost       `epochs` passes over D_r, backward through k layers only
 */
import { constant, sgd } from "../optim/index.ts";
import { defineMethod } from "./method.ts";
import { sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";
import {
  expectLayers,
  lastLayers,
  type LastLayersOption,
  layersOption,
  trainingOnly,
  within,
} from "./tools/last-layers.ts";

export interface CfKOptions extends SgdMethodOptions, LastLayersOption {}

export const cfK = defineMethod<CfKOptions>({
  name: "cf-k",
  title: "CF-k",
  description: "fine-tunes the last k layers on the retained data; the other layers keep their weights",
  source: "Goel et al., 2022, arXiv:2201.06640",
  cost: "epochs passes over the retained data, backward through the last layers only",
  needs: { retain: true, forget: false, start: "original" },
  options: { ...sgdOptions({ epochs: 10, lr: 0.01, source: "as fine-tuning" }), layers: layersOption },

  check: ({ layers }, forgotten) => expectLayers("cf-k", layers, forgotten),

  async run({ model, retain, trainer }, { epochs, lr, momentum, weightDecay, layers }) {
    const paths = lastLayers(model, layers, "cf-k");
    await trainingOnly(model, paths, async () => {
      const optimizer = sgd(within(model.namedParameters(), paths), { lr, momentum, weightDecay });
      await trainer.fit(retain, { epochs, optimizer, schedule: constant({ lr }) });
    });
    return {};
  },
});
