/**
 * EU-k: initialise the last k layers and train them on the retained data: exact for these layers, if the others had never seen the forget data.
 *
 *   the last k layers newly initialised,  min over them  CE(θ; D_r),   trained as the original was
 *
 * Symbols    D_r retained data · k layers: convolutions and linear layers, with their normalisations
 * Source     Goel et al., 2022, arXiv:2201.06640, section 4 (exact unlearning of the last layers)
 * Reference  xcadet/deepunlearn munl/unlearning/exact_unlearning_k.py
 * Differs    k counts convolutions and linear layers, the classifier among them; the reference counts residual blocks, and takes the classifier in
 *            any case. The recipe is the original's, as in the paper, where the reference has another (10 epochs, weight decay 0.1).
 *            Running statistics of the other layers' normalisations move, as there
 * Cost       as the original's training, backward through k layers only
 */
import { noGrad, scope } from "../torch/index.ts";
import type { Model } from "../models/index.ts";
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

export interface EuKOptions extends Pick<SgdMethodOptions, "epochs" | "lr">, LastLayersOption {}

export const euK = defineMethod<EuKOptions>({
  name: "eu-k",
  title: "EU-k",
  description:
    "retrains the last k layers on the retained data, from new random weights; the other layers keep their weights",
  source: "Goel et al., 2022, arXiv:2201.06640",
  cost: "the original's training, backward through the last layers only",
  needs: { retain: true, forget: false, start: "original" },
  options: {
    ...(({ epochs, lr }) => ({ epochs, lr }))(
      sgdOptions({ epochs: "original", lr: "original", source: "the original's own training" }),
    ),
    layers: layersOption,
  },

  check: ({ layers }, forgotten) => expectLayers("eu-k", layers, forgotten),

  async run({ model, retain, trainer, original, fresh }, { epochs, lr, layers }) {
    const paths = lastLayers(model, layers, "eu-k");
    using other = fresh();
    trainer.work(() => replace(model, other, paths));
    await trainingOnly(model, paths, async () => {
      await trainer.fit(retain, { epochs, ...original.recipe.fit(within(model.namedParameters(), paths), epochs, lr) });
    });
    return {};
  },
});

/** Parameters and running statistics of the layers at `paths` as `other` has them. */
export function replace(model: Model, other: Model, paths: readonly string[]): void {
  noGrad(() =>
    scope(() => {
      for (const of of ["namedParameters", "namedBuffers"] as const) {
        const values = other[of]();
        for (const [name, tensor] of within(model[of](), paths)) tensor.copy_(values.get(name) ?? tensor);
      }
    }),
  );
}
