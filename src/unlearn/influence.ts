/**
 * Influence unlearning: one step that removes, to first order, the influence of the forget data on the optimum.
 *
 *   v = (1/N) Σ_{D_f} ∇CE - (N_f / (N N_r)) Σ_{D_r} ∇CE,   θ ← θ_o + α H⁻¹ v,   H = I + (1/M) Σ_{n ≤ M} g_n g_nᵀ
 *
 * Symbols    D_f forget data, N_f images · D_r retained data, N_r · N = N_f + N_r · g_n gradient of retained image n alone · M images in H
 * Source     Koh and Liang, ICML 2017; Izzo et al., AISTATS 2021; Singh and Alistarh, NeurIPS 2020, arXiv:2004.14340 (WoodFisher);
 *            as used in Jia et al., NeurIPS 2023, arXiv:2304.04934
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d unlearn/Wfisher.py
 * Differs    `woodfisher` (default) solves H k = v exactly, by way of an M x M system, which is where WoodFisher's recursion ends.
 *            `reference` is the published recursion, which rescales the first gradient instead of taking each new one (so that H is all but
 *            the identity), with its 1,000 in place of M. Images are not augmented.
 * Cost       one pass over D_f and D_r; `woodfisher` then a few passes over M images, `reference` M + 2 single images
 */
import { crossEntropy } from "../nn/index.ts";
import { grad, noGrad, scope, type Tensor } from "../torch/index.ts";
import { inverseFisherProduct } from "./tools/inverse-fisher.ts";
import { defineMethod, type MethodContext } from "./method.ts";
import { takeFirst } from "./tools/sources.ts";
import {
  type ByParameter,
  copyOf,
  disposeAll,
  passBatch,
  sumGradients,
  zerosLikeParameters,
} from "./tools/parameters.ts";

export interface InfluenceOptions {
  /** α. */
  readonly alpha: number;
  /** M ≥ 1; at most as many as there are retained images are used. */
  readonly samples: number;
  readonly variant: "woodfisher" | "reference";
}

export const influence = defineMethod<InfluenceOptions>({
  name: "influence",
  title: "Influence unlearning (IU)",
  description:
    "one step against the influence of the forget data, scaled by the inverse Fisher information; no training",
  source: "Koh and Liang, ICML 2017; Jia et al., NeurIPS 2023, arXiv:2304.04934",
  cost: "one pass over all data, and a few over the samples",
  needs: { retain: true, forget: true, start: "original" },
  options: {
    alpha: {
      type: "number",
      default: 1,
      min: 0,
      aboveMin: true,
      description: "factor of the step: 1 by the theory; searches try up to 20",
      source: "the authors' own runs (reference branch of January 2023): 1; Fan et al. 2024 searched 1 to 20",
    },
    samples: {
      type: "integer",
      default: 1000,
      min: 1,
      max: 10_000,
      description: "retained images from whose gradients the Fisher information is computed",
      source: "reference unlearn/Wfisher.py: 1,000",
    },
    variant: {
      type: "choice",
      default: "woodfisher",
      choices: ["woodfisher", "reference"],
      description:
        "woodfisher is the inverse Fisher information; reference the published recursion, which is nearly the identity",
      source: "woodfisher: Singh and Alistarh 2020; reference: unlearn/Wfisher.py",
    },
  },

  caution: () =>
    "Influence unlearning is one step of a local approximation, which in deep networks is often far off (Basu et al., arXiv:2006.14651), and methods of its kind " +
    "failed an evaluation that retraining and fine-tuning passed (Ye et al., arXiv:2606.16110): judge it by the gap to Retrain.",

  smallestSet: () => Infinity,

  needsDense: () => "gradients of single images",

  async run(context, { alpha, samples, variant }) {
    const { model, trainer } = context;
    const direction = await influenceOf(context);
    const step =
      variant === "woodfisher"
        ? await inverseFisherProduct(context, direction, samples)
        : await degenerateProduct(context, direction, { stopAfter: 1000, divisor: 1000 });
    trainer.work(() =>
      noGrad(() => {
        for (const [name, parameter] of model.namedParameters()) parameter.add_(step.get(name) as Tensor, alpha);
        trainer.mask?.apply(model);
      }),
    );
    for (const tensors of [direction, step]) disposeAll(tensors);
    return {};
  },
});

/** v. */
export async function influenceOf(context: MethodContext): Promise<ByParameter> {
  const { forget, retain, model } = context;
  const all = forget.count + retain.count;
  const sums = zerosLikeParameters(model);
  for (const [source, weight, what] of [
    [forget, 1 / all, "gradients of the forget data"],
    [retain, -forget.count / (all * retain.count), "gradients of the retained data"],
  ] as const) {
    await sumGradients(context, { source, what, batchSize: passBatch }, sums, {
      loss: (logits_NK, labels_N) => crossEntropy(logits_NK, labels_N, { reduction: "sum" }),
      combine: (gradient) => gradient.mul(weight),
    });
  }
  return sums;
}

/**
 * What the published recursion computes in place of the inverse: k ← k - (k·g_n)/(D + o·g_n) o and o ← o - (o·g_n)/(D + o·g_n) o from
 * o = g_1, image by image until the index is past `stopAfter`.
 */
export async function degenerateProduct(
  { model, retain, trainer }: MethodContext,
  direction: ByParameter,
  { stopAfter, divisor }: { readonly stopAfter: number; readonly divisor: number },
): Promise<ByParameter> {
  const parameters = model.namedParameters();
  const product = copyOf(direction);
  let scaled: ByParameter | undefined;
  model.eval();
  await trainer.pass(takeFirst(retain, stopAfter + 2), "recursion over single images", 1, ({ images, labels }) => {
    const list = grad([crossEntropy(model.call(images), labels)], [...parameters.values()]);
    noGrad(() => {
      const gradient = new Map([...parameters.keys()].map((name, i) => [name, list[i] as Tensor]));
      trainer.mask?.applyTo(gradient);
      if (scaled === undefined) {
        scaled = copyOf(gradient);
        return;
      }
      const below = divisor + dot(scaled, gradient);
      const [along, own] = [dot(product, gradient) / below, dot(scaled, gradient) / below];
      combine(product, scaled, 1, -along);
      combine(scaled, scaled, 1, -own);
    });
  });
  if (scaled !== undefined) disposeAll(scaled);
  return product;
}

function dot(a: ByParameter, b: ByParameter): number {
  return scope(() =>
    [...a].reduce(
      (sum, [name, value]) =>
        sum +
        value
          .flatten()
          .dot((b.get(name) as Tensor).flatten())
          .item(),
      0,
    ),
  );
}

/** a ← p a + q b, in place. */
function combine(a: ByParameter, b: ByParameter, p: number, q: number): void {
  scope(() => {
    for (const [name, value] of a) value.copy_(value.mul(p).add(b.get(name) as Tensor, q));
  });
}
