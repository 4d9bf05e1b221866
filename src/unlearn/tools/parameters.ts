/** Parameters of a model as lists of tensors by name, and what can be computed with such lists. */
import type { Model } from "../../models/index.ts";
import { cat, grad, keep, noGrad, scope, type Tensor } from "../../torch/index.ts";
import { inferLogits } from "./folded.ts";
import { countNonzero, prunableWeights } from "../../prune/index.ts";
import type { Trainer } from "../../train/index.ts";
import type { BatchSource } from "../../data/batches.ts";

export { copyAll as copyOf, disposeAll } from "../../torch/index.ts";

/** By parameter name. */
export type ByParameter = Map<string, Tensor>;

/** A zero tensor for each parameter; the caller disposes of them. */
export function zerosLikeParameters(model: Model): ByParameter {
  return new Map([...model.namedParameters()].map(([name, parameter]) => [name, keep(parameter.detach().zerosLike())]));
}

/** Convolution weights that are exactly zero. */
export function countZeros(model: Model): number {
  const prunable = prunableWeights(model);
  return countNonzero(model).reduce(
    (zeros, { name, numel, nonzero }) => (prunable.has(name) ? zeros + numel - nonzero : zeros),
    0,
  );
}

/** Images in a pass whose batches do not change what it gives: as many as a processor's caches hold of a small network. */
export const passBatch = 64;

/**
 * Adds `combine(gradient of the batch's loss)` to `sums`, batch by batch, the model in evaluation mode.
 * @param loss a scalar of the logits [N, K] and labels [N]; what is masked has gradient zero
 * @param batchSize default the trainer's; `passBatch` where the sum does not depend on it
 */
export async function sumGradients(
  { model, trainer }: { readonly model: Model; readonly trainer: Trainer },
  {
    source,
    what,
    batchSize = trainer.batchSize,
  }: { readonly source: BatchSource; readonly what: string; readonly batchSize?: number },
  sums: ByParameter,
  {
    loss,
    combine,
  }: {
    readonly loss: (logits_NK: Tensor, labels_N: Tensor) => Tensor;
    readonly combine: (gradient: Tensor, batchCount: number) => Tensor;
  },
): Promise<void> {
  const parameters = [...model.namedParameters().values()];
  const targets = [...sums.values()];
  model.eval();
  await trainer.pass(source, what, batchSize, ({ images, labels }) => {
    const gradients = grad([loss(inferLogits(model, images), labels)], parameters);
    noGrad(() => targets.forEach((sum, i) => sum.add_(combine(gradients[i] as Tensor, labels.numel))));
  });
  scope(() => trainer.mask?.applyTo(sums));
}

/** 1 for the ⌊ratio · living⌋ entries of largest score, all parameters ranked together, else 0; of equal ones the first. */
export function selectLargest(scores: ByParameter, ratio: number, living: number): ByParameter {
  return noGrad(() =>
    scope(() => {
      const flat = cat([...scores.values()].map((score) => score.flatten()));
      const [, order] = flat.sortStable(true, 0, true);
      const kept = flat.zerosLike().indexFill_(0, order.narrow(0, 0, Math.floor(ratio * living)), 1);
      let start = 0;
      return new Map(
        [...scores].map(([name, score]) => {
          const part = kept.narrow(0, start, score.numel).view([...score.shape]);
          start += score.numel;
          return [name, keep(part.clone())];
        }),
      );
    }),
  );
}
