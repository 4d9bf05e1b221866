/** Parameters of a model as lists of tensors by name, and what can be computed with such lists. */
import type { Model } from "../../models/index.ts";
import { grad, keep, noGrad, scope, type Tensor } from "../../torch/index.ts";
import type { Trainer } from "../../train/index.ts";
import type { BatchSource } from "../../data/batches.ts";

/** By parameter name. */
export type ByParameter = Map<string, Tensor>;

/** A zero tensor for each parameter; the caller disposes of them. */
export function zerosLikeParameters(model: Model): ByParameter {
  return new Map([...model.namedParameters()].map(([name, parameter]) => [name, keep(parameter.detach().zerosLike())]));
}

export function disposeAll(tensors: ByParameter): void {
  for (const tensor of tensors.values()) tensor.dispose();
}

/**
 * Adds `combine(gradient of the batch's loss)` to `sums`, batch by batch, the model in evaluation mode.
 * @param loss a scalar of the logits [N, K] and labels [N]; what is masked has gradient zero
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
    const gradients = grad([loss(model.call(images), labels)], parameters);
    noGrad(() => targets.forEach((sum, i) => sum.add_(combine(gradients[i] as Tensor, labels.numel))));
  });
  scope(() => trainer.mask?.applyTo(sums));
}
