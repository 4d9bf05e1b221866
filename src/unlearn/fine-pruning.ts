/**
 * Fine-pruning: features that clean images hardly use are cut off, as many as clean images bear, then the model is fine-tuned on clean images.
 *
 *   W[:, i] ← 0  of the last layer for the features i of least mean activation on D_c, while acc(D_c) falls by no more than τ;   min_θ CE(θ; D_c)
 *
 * Symbols    W weights of the last linear layer · D_c clean held-out images · τ tolerance
 * Source     Liu, Dolan-Gavitt and Garg, RAID 2018, arXiv:1805.12185, algorithm 1
 * Reference  SCLBD/BackdoorBench defense/fp.py, config/defense/fp: one feature in a hundred at a time, τ = 0.1; then as its fine-tuning
 * Differs    prunes what the last linear layer is shown, as there, where the paper prunes the channels of the last convolution, which a residual
 *            connection goes around; accuracy is taken on the held-out images
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
  description: "cuts off features that clean held-out images hardly use, then trains on with these images",
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
      description: "share of the features that are cut off at once",
      source,
    },
    tolerance: {
      type: "number",
      default: 0.1,
      min: 0,
      max: 1,
      description: "how far the accuracy on held-out images may fall",
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
    log(`fine-pruning: ${cut.length} of ${order.length} features cut off`);
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

/** Features of least mean activation on the images first. */
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

/** Leaves the layer with the weights of `from`, without those of the features. */
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
