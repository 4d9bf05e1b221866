/**
 * Training on the forget images under labels that are drawn again in each epoch, and on the retained images: for random labels and SalUn.
 *
 *   each epoch:  ỹ ~ U{0, …, K-1} for D_f,   min_θ CE(θ; D_f with ỹ), CE(θ; D_r)
 *
 * Symbols    D_f forget, D_r retained data · K classes
 * Source     Golatkar et al., CVPR 2020, arXiv:1911.04933; Fan et al., ICLR 2024, arXiv:2310.12508
 * Reference  OPTML-Group/Unlearn-Saliency Classification/unlearn/RL.py: `sequential` as on CIFAR-10 and SVHN, `mixed` as on CIFAR-100
 * Differs    option `labels other` leaves the true label out; there it may be drawn
 */
import type { BatchSource } from "../../data/batches.ts";
import { labelsOf } from "../../data/labels.ts";
import { type Generator, keep, randint, scope, type Tensor } from "../../torch/index.ts";
import type { FitOptions } from "../../train/index.ts";
import type { DescribedOption } from "../../util/described-options.ts";
import type { MethodContext, SetSizes } from "../method.ts";
import { sgdOptions, type SgdMethodOptions } from "../sgd-options.ts";
import { concatenate, relabel } from "./sources.ts";

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
    description: "in each epoch, the forget images before the retained ones, or both shuffled together",
    source: `${reference}: sequential on CIFAR-10 and SVHN`,
  },
  labels: {
    type: "choice",
    default: "any",
    choices: ["any", "other"],
    description: "any draws from all classes; other never draws the true one",
    source: `${reference}: any`,
  },
};

/** Of one epoch: the forget and the retained images one after the other, or together. */
export function smallestLabelled(
  { retain, forget }: Pick<SetSizes, "retain" | "forget">,
  { order }: Pick<RandomLabelOptions, "order">,
): number {
  return order === "mixed" ? retain + forget : Math.min(retain, forget);
}

/** New labels of the forget images, int64 [M], from their true ones. */
export type DrawLabels = (true_M: Tensor) => Tensor;

export function labelDrawer({ model, generator }: MethodContext, labels: RandomLabelOptions["labels"]): DrawLabels {
  return (true_M) => randomLabels(true_M, model.spec.numClasses, labels, generator);
}

/** Trains on the forget images under labels drawn again each epoch, and on the retained images; `how` says how each step is made. */
export async function trainOnLabels(
  { forget, retain, trainer }: MethodContext,
  { epochs, order }: Pick<RandomLabelOptions, "epochs" | "order">,
  draw: DrawLabels,
  how: Omit<FitOptions, "epochs">,
): Promise<void> {
  using true_M = keep(labelsOf(forget));
  for (let epoch = 0; epoch < epochs; epoch++) {
    using drawn_M = keep(scope(() => draw(true_M)));
    for (const source of orderSources(relabel(forget, drawn_M), retain, order)) {
      await trainer.fit(source, { ...how, epochs: 1 });
    }
  }
}

function orderSources(forget: BatchSource, retain: BatchSource, order: RandomLabelOptions["order"]): BatchSource[] {
  return order === "mixed" ? [concatenate(forget, retain)] : [forget, retain];
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
