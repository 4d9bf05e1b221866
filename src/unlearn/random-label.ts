/**
 * Random labels: teach the model that the forget images mean nothing in particular, and go on with the retained ones.
 *
 *   each epoch:  ỹ ~ U{0, …, K-1} for D_f anew,   min_θ CE(θ; D_f with ỹ), CE(θ; D_r)   from θ_o
 *
 * Symbols    θ_o original · D_f forget, D_r retained data · K classes
 * Source     Golatkar et al., CVPR 2020, arXiv:1911.04933 (random labels); Graves et al., AAAI 2021 (amnesiac unlearning)
 * Reference  OPTML-Group/Unlearn-Saliency Classification/unlearn/RL.py: `sequential` as on CIFAR-10 and SVHN, `mixed` as on CIFAR-100
 * Differs    a drawn label may be the true one, as there; option `labels other` leaves it out
 * Cost       `epochs` passes over D_f and D_r
 */
import { sgd, constant } from "../optim/index.ts";
import type { FitOptions } from "../train/index.ts";
import type { BatchSource } from "../data/batches.ts";
import { type Generator, keep, randint, scope, type Tensor } from "../torch/index.ts";
import { labelsOf } from "../data/labels.ts";
import { defineMethod, type MethodContext } from "./method.ts";
import type { DescribedOption } from "../util/described-options.ts";
import { sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";
import { concatenated, relabelled } from "./tools/sources.ts";

export interface RandomLabelOptions extends SgdMethodOptions {
  /** Forget images first, then the retained ones, or both shuffled together. */
  readonly order: "sequential" | "mixed";
  /** Whether the true label may be drawn. */
  readonly labels: "any" | "other";
}

const reference = "OPTML-Group/Unlearn-Saliency Classification/unlearn/RL.py";

export const randomLabelOptions: Record<keyof RandomLabelOptions, DescribedOption> = {
  ...sgdOptions({ epochs: 10, lr: 0.013, source: "OPTML-Group/Unlearn-Saliency README: RL on CIFAR-10" }),
  order: {
    type: "choice",
    default: "sequential",
    choices: ["sequential", "mixed"],
    description: "the forget images first in each epoch, or shuffled together with the retained ones",
    source: `${reference}: sequential on CIFAR-10 and SVHN`,
  },
  labels: {
    type: "choice",
    default: "any",
    choices: ["any", "other"],
    description: "whether the true label may be drawn as well, or only others",
    source: `${reference}: any`,
  },
};

export const randomLabel = defineMethod<RandomLabelOptions>({
  name: "random-label",
  title: "Random labels (RL)",
  description: "trains on the forget data under labels drawn anew each epoch, and on the retained data",
  source: "Golatkar et al., CVPR 2020; Graves et al., AAAI 2021",
  cost: "epochs passes over the forget and the retained data",
  needs: { retain: true, forget: true, start: "original" },
  options: randomLabelOptions,

  async run(context, options) {
    const { lr, momentum, weightDecay } = options;
    const optimizer = sgd(context.model.namedParameters(), { lr, momentum, weightDecay });
    const draw = drawing(context, options.labels);
    await trainOnLabels(context, options, draw, { optimizer, schedule: constant({ lr }) });
    return {};
  },
});

/** New labels of the forget images, int64 [M], from their true ones. */
export type DrawLabels = (true_M: Tensor) => Tensor;

export function drawing({ model, generator }: MethodContext, labels: RandomLabelOptions["labels"]): DrawLabels {
  return (true_M) => randomLabels(true_M, model.spec.numClasses, labels, generator);
}

/** Trains on the forget images under labels drawn anew each epoch, and on the retained images; `how` says how each step is made. */
export async function trainOnLabels(
  { forget, retain, trainer }: MethodContext,
  { epochs, order }: Pick<RandomLabelOptions, "epochs" | "order">,
  draw: DrawLabels,
  how: Omit<FitOptions, "epochs">,
): Promise<void> {
  using true_M = keep(labelsOf(forget));
  for (let epoch = 0; epoch < epochs; epoch++) {
    using drawn_M = keep(scope(() => draw(true_M)));
    for (const source of inOrder(relabelled(forget, drawn_M), retain, order)) {
      await trainer.fit(source, { ...how, epochs: 1 });
    }
  }
}

function inOrder(forget: BatchSource, retain: BatchSource, order: RandomLabelOptions["order"]): BatchSource[] {
  return order === "mixed" ? [concatenated(forget, retain)] : [forget, retain];
}

/** Uniform over all classes, or over all but the true one. @param true_M int64 [M] */
export function randomLabels(
  true_M: Tensor,
  numClasses: number,
  which: RandomLabelOptions["labels"],
  generator: Generator,
): Tensor {
  if (which === "any") return randint(0, numClasses, [true_M.numel], { generator, dtype: "int64" });
  const shift = randint(1, numClasses, [true_M.numel], { generator, dtype: "int64" });
  return true_M.to("cpu").add(shift).remainder(numClasses);
}
