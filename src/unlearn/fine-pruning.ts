/**
 * Fine-pruning: prunes the features that clean images activate least, as many as the accuracy on clean images allows, then fine-tunes on clean
 * images.
 *
 *   W[:, i] ← 0  of the last layer for the features i of least mean activation on D_c, while acc(D_c) falls by no more than τ;   min_θ CE(θ; D_c)
 *
 * Symbols    W weights of the last linear layer · D_c clean held-out images · τ tolerance
 * Source     Liu, Dolan-Gavitt and Garg, RAID 2018, arXiv:1805.12185, algorithm 1
 * Reference  SCLBD/BackdoorBench defense/fp.py, config/defense/fp: one feature in a hundred at a time, τ = 0.1; then as its fine-tuning
 * Differs    prunes the inputs of the last linear layer, as there. The paper prunes the channels of the last convolution, but in a residual
 *            network the shortcut bypasses it. Accuracy is that on the held-out images
 * Cost       a pass over D_c for each pruning, then `epochs` passes
 */
import type { Model } from "../models/index.ts";
import { evaluationMode, Linear } from "../nn/index.ts";
import { constant, sgd } from "../optim/index.ts";
import { noGrad, scope, tensor, type Tensor, zeros } from "../torch/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { defineMethod, type MethodContext } from "./method.ts";
import { sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";
import { pruneWhileHarmless } from "./tools/channels.ts";

interface FinePruningOptions extends SgdMethodOptions {
  /** Share of the features that a step prunes. */
  readonly step: number;
  /** τ. */
  readonly tolerance: number;
}

const source = "BackdoorBench config/defense/fp";

export const finePruning = defineMethod<FinePruningOptions>({
  name: "fine-pruning",
  title: "Fine-pruning",
  description: "prunes the features that clean held-out images activate least, then fine-tunes on these images",
  source: "Liu et al., RAID 2018, arXiv:1805.12185",
  cost: "a pass over the held-out images for each pruning, then epochs passes",
  needs: { retain: false, forget: false, start: "original" },
  options: {
    ...sgdOptions({ epochs: 100, lr: 0.01, source }),
    step: {
      type: "number",
      default: 0.01,
      min: 0,
      aboveMin: true,
      max: 1,
      description: "share of the features that one step prunes",
      source,
    },
    tolerance: {
      type: "number",
      default: 0.1,
      min: 0,
      max: 1,
      description: "how much accuracy on the held-out images may be lost, 0 to 1",
      source,
    },
  },
  needsValidation: () => true,
  needsDense: () => "the inputs of the last layer",

  async run({ model, validation, trainer, log }, { epochs, lr, momentum, weightDecay, step, tolerance }) {
    const layer = lastLinear(model);
    const order = await byActivation(layer, { model, validation, trainer });
    const atOnce = Math.max(1, Math.round(step * order.length));
    const original = scope(() => layer.weight.detach().clone());
    const cut = trainer.work(() => {
      const steps = Math.ceil(order.length / atOnce);
      const apply = (done: number): void => cutOff(layer, original, order.slice(0, done * atOnce));
      return order.slice(0, atOnce * pruneWhileHarmless(model, validation, { steps, tolerance, apply }));
    });
    original.dispose();
    log(`fine-pruning: ${cut.length} of ${order.length} features pruned`);
    const optimizer = sgd(model.namedParameters(), { lr, momentum, weightDecay });
    await trainer.fit(validation, {
      epochs,
      optimizer,
      schedule: constant({ lr }),
      afterStep: () => cutOff(layer, layer.weight, cut),
    });
    return {};
  },
});

/** Indices of the features, those of least mean activation on the held-out images first. */
async function byActivation(
  layer: Linear,
  { model, validation, trainer }: Pick<MethodContext, "model" | "validation" | "trainer">,
): Promise<number[]> {
  const features = layer.weight.shape[1] ?? 0;
  const sums = zeros([features], { dtype: "float64" });
  layer.setForwardPreHook((input) => noGrad(() => sums.add_(input.detach().abs().to("cpu").to("float64").sumDim([0]))));
  using _mode = evaluationMode(model);
  try {
    await trainer.pass(validation, "activations", 256, ({ images }) => noGrad(() => model.call(images)));
  } finally {
    layer.setForwardPreHook(null);
  }
  const order = scope(() => sums.argsort().toArray());
  sums.dispose();
  return order;
}

/** Sets the layer's weights to those of `from`, with zero for the given features. */
function cutOff(layer: Linear, from: Tensor, features: readonly number[]): void {
  noGrad(() =>
    scope(() => {
      if (from !== layer.weight) layer.weight.copy_(from);
      if (features.length > 0)
        layer.weight.indexFill_(1, tensor(BigInt64Array.from(features, BigInt)).to(layer.weight.device), 0);
    }),
  );
}

function lastLinear(model: Model): Linear {
  const last = [...model.namedModules().values()].filter((module) => module instanceof Linear).at(-1);
  if (last !== undefined) return last;
  throw new CoppiceError(
    "E_CONFIG",
    `fine-pruning: expected a network with a linear layer, got ${model.spec.arch} without`,
  );
}
