/**
 * SNIP: prune before training, by how much the removal of a weight would change the loss.
 *
 *   score = |w · ∂CE/∂w|   on a few images of every class
 *
 * Symbols    w initial weights
 * Source     Lee, Ajanthan and Torr, ICLR 2019, arXiv:1810.02340, equations 4 and 5
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d pruner, method "snip" (`snip-as-published`)
 * Differs    `snip-as-published` leaves the weight out of the product. Running statistics of normalisations are restored; the reference's
 *            change
 */
import { crossEntropy } from "../nn/index.ts";
import { grad, type Tensor } from "../torch/index.ts";
import { prunableWeights } from "./prunable.ts";
import { definePruner, type Pruner, type PrunerContext } from "./pruner.ts";
import { scoreAndRestore } from "./score-and-restore.ts";

/** As in the reference. */
export const imagesPerClass = 25;

const common = { source: "Lee, Ajanthan and Torr, ICLR 2019, arXiv:1810.02340", weights: "initial" } as const;

export const snip: Pruner = definePruner({
  ...common,
  name: "snip",
  title: "SNIP",
  description: "before training: removes the weights whose removal would change the loss least",
  score: (context) => sensitivity(context, (gradient, weight) => gradient.mul(weight).abs()),
});

export const snipAsPublished: Pruner = definePruner({
  ...common,
  name: "snip-as-published",
  title: "SNIP as published with the paper",
  description: "before training: removes the weights of smallest gradient, as the reference implementation does",
  score: (context) => sensitivity(context, (gradient) => gradient.abs()),
});

function sensitivity(
  { model, images, layers }: PrunerContext,
  combine: (gradient: Tensor, weight: Tensor) => Tensor,
): Map<string, Tensor> {
  return scoreAndRestore(model, () => {
    model.train();
    const batch = images(imagesPerClass);
    const weights = prunableWeights(model, layers);
    const gradients = grad([crossEntropy(model.call(batch.images), batch.labels)], [...weights.values()]);
    return new Map([...weights].map(([name, weight], i) => [name, combine(gradients[i] as Tensor, weight.detach())]));
  });
}
