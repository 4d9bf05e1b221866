/**
 * MSG: initialise the weights whose gradients differ least between retained and forget data, and train the others slowly.
 *
 *   g = ∇[ CE(θ_o; R) - CE(θ_o; D_f) ],  R as many retained images as D_f has, drawn once
 *   the k share of convolution weights with the smallest |g| newly initialised; then min_θ CE(θ; D_r), gradients of all others times `slow`
 *
 * Symbols    θ_o original · D_f forget, D_r retained data
 * Source     the second place of the NeurIPS 2023 unlearning challenge (masked small gradients), as ranked by Cadet et al. 2024,
 *            arXiv:2410.01276 (among the two best there)
 * Reference  xcadet/deepunlearn munl/unlearning/kgltop2.py
 * Differs    all convolutions are ranked together, there each for itself; g is of means over images in evaluation mode, there a sum of means over
 *            batches; norms and the classifier are slowed too, there convolutions alone; the rate is constant, there it rises and falls. Under
 *            a mask living weights alone are ranked and drawn
 * Cost       two passes over as many images as D_f has, then `epochs` passes over D_r
 */
import { Conv2d, crossEntropy } from "../nn/index.ts";
import { constant, sgd } from "../optim/index.ts";
import { noGrad, randn, scope, type Tensor } from "../torch/index.ts";
import { prunableWeights } from "../prune/index.ts";
import { defineMethod, type MethodContext } from "./method.ts";
import { type ByParameter, disposeAll, selectLargest, sumGradients, zerosLikeParameters } from "./tools/parameters.ts";
import { sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";
import { select, drawPositions } from "./tools/sources.ts";

export interface MsgOptions extends SgdMethodOptions {
  /** k, in (0, 1). */
  readonly share: number;
  /** Factor of the gradients of the weights that are not initialised, 0 to 1. */
  readonly slow: number;
}

const reference = "xcadet/deepunlearn kgltop2.py";

export const msg = defineMethod<MsgOptions>({
  name: "msg",
  title: "Masked small gradients (MSG)",
  description:
    "reinitialises the convolution weights whose gradients differ least between retained and forget data, then fine-tunes, the others slowly",
  source: "NeurIPS 2023 unlearning challenge; Cadet et al. 2024, arXiv:2410.01276",
  cost: "two passes over as many images as are forgotten, then epochs passes over the retained data",
  needs: { retain: true, forget: true, start: "original" },
  options: {
    ...sgdOptions({ epochs: 5, lr: 1e-3, source: `${reference}: 5 epochs, rate 1e-3` }),
    share: {
      type: "number",
      default: 0.3,
      min: 0,
      aboveMin: true,
      max: 1,
      description: "share of the convolution weights that get new random values",
      source: `${reference}: 30 %`,
    },
    slow: {
      type: "number",
      default: 0.1,
      min: 0,
      max: 1,
      description: "factor of the gradients of all other weights",
      source: `${reference}: 0.1`,
    },
  },

  smallestSet: ({ retain }) => retain,

  needsDense: () => "the shape of whole weights",

  async run(context, { epochs, lr, momentum, weightDecay, share, slow }) {
    const { model, retain, trainer, generator } = context;
    const drawn = await smallGradients(context, share);
    trainer.work(() => {
      redraw(context, drawn, generator);
      trainer.mask?.apply(model);
    });
    const parameters = model.namedParameters();
    await trainer.fit(retain, {
      epochs,
      optimizer: sgd(parameters, { lr, momentum, weightDecay }),
      schedule: constant({ lr }),
      afterBackward: () =>
        noGrad(() =>
          scope(() => {
            for (const [name, parameter] of parameters) {
              const fast = drawn.get(name);
              parameter.grad?.mul_(fast === undefined ? slow : fast.mul(1 - slow).add(slow));
            }
          }),
        ),
    });
    disposeAll(drawn);
    return {};
  },
});

/** 1 for the convolution weights of smallest |g|, all ranked together, else 0. */
export async function smallGradients(context: MethodContext, share: number): Promise<ByParameter> {
  const { model, retain, forget, trainer, generator } = context;
  const count = Math.min(forget.count, retain.count);
  using positions_M = drawPositions(retain, count, generator);
  const sums = zerosLikeParameters(model);
  for (const [source, sign, what] of [
    [select(retain, positions_M), 1 / count, "gradients of retained images"],
    [forget, -1 / forget.count, "gradients of the forget data"],
  ] as const) {
    await sumGradients(context, { source, what }, sums, {
      loss: (logits_NK, labels_N) => crossEntropy(logits_NK, labels_N, { reduction: "sum" }),
      combine: (gradient) => gradient.mul(sign),
    });
  }
  const names = [...prunableWeights(model).keys()];
  const result = trainer.work(() =>
    noGrad(() =>
      scope(() => {
        const living = new Map(names.map((name) => [name, (sums.get(name) as Tensor).onesLike()]));
        trainer.mask?.applyTo(living);
        const total = names.reduce((sum, name) => sum + (living.get(name)?.sum().item() ?? 0), 0);
        // Ranked from below: of what lives the smallest first, then the rest.
        const scores = new Map(
          names.map((name) => [
            name,
            (sums.get(name) as Tensor)
              .abs()
              .neg()
              .sub((living.get(name) as Tensor).neg().add(1).mul(1e30)),
          ]),
        );
        return selectLargest(scores, share, total);
      }),
    ),
  );
  disposeAll(sums);
  return result;
}

/** Kaiming's normal distribution for fans out, where `drawn` is 1. */
function redraw({ model }: MethodContext, drawn: ByParameter, generator: MethodContext["generator"]): void {
  noGrad(() =>
    scope(() => {
      for (const [path, layer] of model.namedModules()) {
        if (!(layer instanceof Conv2d)) continue;
        const { weight } = layer;
        const [out = 1, , height = 1, width = 1] = weight.shape;
        const fresh = randn(weight.shape, { generator }).to(weight.dtype).to(weight.device);
        const where = drawn.get(`${path}.weight`) as Tensor;
        const deviation = Math.sqrt(2 / (out * height * width));
        weight.copy_(weight.mul(where.neg().add(1)).add(fresh.mul(where), deviation));
      }
    }),
  );
}
