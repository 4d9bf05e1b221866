/**
 * SalUn: random labels, but only the weights with the largest gradients on the forget data are trained.
 *
 *   m_i = 1[ |Σ_B ∇_i CE(θ_o; B)| among the k d largest ]   B batches of D_f,   then random labels on  m ⊙ θ + (1 - m) ⊙ θ_o
 *
 * Symbols    θ_o original · D_f forget data · d number of weights, living ones where there is a mask · k share that may move
 * Source     Fan et al., ICLR 2024, arXiv:2310.12508, equations 3 to 5
 * Reference  OPTML-Group/Unlearn-Saliency Classification/generate_mask.py, unlearn/RL.py
 * Differs    `frozen` (default) is the paper: what may not move does not. `reference` masks the gradient only, as the code did until February
 *            2026, so that weight decay still shrinks the other weights.
 * Cost       one pass over D_f, then as random labels
 */
import { crossEntropy } from "../nn/index.ts";
import { constant, sgd } from "../optim/index.ts";
import { noGrad, scope, type Tensor } from "../torch/index.ts";
import { defineMethod, type MethodContext } from "./method.ts";
import type { DescribedOption } from "../util/described-options.ts";
import { type ByParameter, disposeAll, selectLargest, sumGradients, zerosLikeParameters } from "./tools/parameters.ts";
import {
  type DrawLabels,
  labelDrawer,
  randomLabelOptions,
  type RandomLabelOptions,
  smallestLabelled,
  trainOnLabels,
} from "./tools/random-labels.ts";

export interface SalunOptions extends RandomLabelOptions {
  /** k, in (0, 1]. */
  readonly ratio: number;
  readonly variant: "frozen" | "reference";
}

const ownOptions: Record<"ratio" | "variant", DescribedOption> = {
  ratio: {
    type: "number",
    default: 0.5,
    min: 0,
    aboveMin: true,
    max: 1,
    description: "share of the weights that is trained",
    source: "OPTML-Group/Unlearn-Saliency README: with_0.5 masks",
  },
  variant: {
    type: "choice",
    default: "frozen",
    choices: ["frozen", "reference"],
    description:
      "frozen keeps the other weights; reference still applies weight decay to them, as the published code does",
    source: "frozen: Fan et al., equation 4; reference: their code",
  },
};

export const salun = defineMethod<SalunOptions>({
  name: "salun",
  title: "SalUn",
  description: "random labels, trained only on the weights with the largest gradients on the forget data",
  source: "Fan et al., ICLR 2024, arXiv:2310.12508",
  cost: "one pass over the forget data, then epochs passes over the forget and the retained data",
  needs: { retain: true, forget: true, start: "original" },
  options: { ...randomLabelOptions, ...ownOptions },

  smallestSet: smallestLabelled,

  async run(context, options) {
    await runSalun(context, options, labelDrawer(context, options.labels));
    return {};
  },
});

/** @param draw labels of the forget images for an epoch */
export async function runSalun(context: MethodContext, options: SalunOptions, draw: DrawLabels): Promise<void> {
  const { model } = context;
  const { lr, momentum, weightDecay, variant } = options;
  const saliency = await saliencyOf(context);
  const mask = context.trainer.work(() => selectLargest(saliency, options.ratio, countLive(context)));
  disposeAll(saliency);
  const parameters = model.namedParameters();
  const frozen = variant === "frozen";
  // With the decay inside of the masked gradient the momentum of a frozen weight stays zero, and the weight what it was.
  const optimizer = sgd(parameters, { lr, momentum, weightDecay: frozen ? 0 : weightDecay });
  await trainOnLabels(context, options, draw, {
    optimizer,
    schedule: constant({ lr }),
    afterBackward: () =>
      noGrad(() =>
        scope(() => {
          for (const [name, parameter] of parameters) {
            const { grad } = parameter;
            if (grad === null) continue;
            if (frozen) grad.add_(parameter.detach(), weightDecay);
            grad.mul_(mask.get(name) as Tensor);
          }
        }),
      ),
  });
  disposeAll(mask);
}

/** |Σ_B ∇ CE(θ_o; B)| over the batches of the forget data. */
export async function saliencyOf(context: MethodContext): Promise<ByParameter> {
  const sums = zerosLikeParameters(context.model);
  await sumGradients(context, { source: context.forget, what: "saliency of the forget data" }, sums, {
    loss: (logits_NK, labels_N) => crossEntropy(logits_NK, labels_N),
    combine: (gradient) => gradient,
  });
  noGrad(() => scope(() => sums.forEach((sum) => sum.abs_())));
  return sums;
}

/** How many weights live. */
function countLive({ model, trainer }: MethodContext): number {
  const all = model.parameters().reduce((sum, { numel }) => sum + numel, 0);
  return all - (trainer.mask?.layers.reduce((sum, { numel, nonzero }) => sum + numel - nonzero, 0) ?? 0);
}
