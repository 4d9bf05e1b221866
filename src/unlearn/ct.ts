/**
 * CT: transpose every convolution kernel, then fine-tune on the retained data to repair the network.
 *
 *   W_oihw ← W_oiwh for every convolution,   then min_θ CE(θ; D_r)
 *
 * Symbols    D_r retained data
 * Source     the fifth place of the NeurIPS 2023 unlearning challenge, as ranked by Cadet et al. 2024, arXiv:2410.01276 (among the two best there)
 * Reference  xcadet/deepunlearn munl/unlearning/kgltop5.py
 * Differs    kernels that are not square stay as they are (the reference transposes them too). Under a mask the transposed kernels are masked
 *            again: weights that move to masked places are lost, which costs accuracy
 * Cost       `epochs` passes over D_r
 */
import { Conv2d } from "../nn/index.ts";
import { cosine, sgd } from "../optim/index.ts";
import { noGrad, scope } from "../torch/index.ts";
import type { Model } from "../models/index.ts";
import { defineMethod } from "./method.ts";
import { sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";

export const ct = defineMethod<SgdMethodOptions>({
  name: "ct",
  title: "Convolution transpose (CT)",
  description: "transposes every convolution kernel, then fine-tunes on the retained data",
  source: "NeurIPS 2023 unlearning challenge; Cadet et al. 2024, arXiv:2410.01276",
  cost: "epochs passes over the retained data",
  needs: { retain: true, forget: false, start: "original" },
  options: sgdOptions({ epochs: 3, lr: 1e-3, source: "xcadet/deepunlearn kgltop5.py: 3 epochs, rate 1e-3, cosine" }),

  needsDense: () => "the shape of whole weights",

  async run({ model, retain, trainer }, { epochs, lr, momentum, weightDecay }) {
    trainer.work(() => {
      transposeKernels(model);
      trainer.mask?.apply(model);
    });
    const optimizer = sgd(model.namedParameters(), { lr, momentum, weightDecay });
    await trainer.fit(retain, { epochs, optimizer, schedule: cosine({ lr, epochs }) });
    return {};
  },
});

/** Transposes every square convolution kernel in place: rows become columns. */
export function transposeKernels(model: Model): void {
  noGrad(() =>
    scope(() => {
      for (const layer of model.namedModules().values()) {
        if (!(layer instanceof Conv2d)) continue;
        const { weight } = layer;
        if (weight.shape[2] === weight.shape[3]) weight.copy_(weight.transpose(2, 3).clone());
      }
    }),
  );
}
