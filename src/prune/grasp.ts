/**
 * GraSP: prune before training, by how much the removal of a weight would reduce the gradient norm.
 *
 *   S = -w · H g,   g = ∇ CE(z / T),  H g = ∇ ( gᵀ stop(g) ),   the largest S are removed
 *
 * Symbols    w initial weights · z logits · T = 200 · H Hessian, over all parameters
 * Source     Wang, Zhang and Grosse, ICLR 2020, arXiv:2002.07376, equation 8 and algorithm 1
 * Reference  alecwangcq/GraSP; OPTML-Group/Unlearn-Sparse@80ba55d pruner, method "grasp" (`grasp-as-published`)
 * Differs    `grasp-as-published` removes the smallest |S|, without the sign, although the method depends on it
 */
import { crossEntropy } from "../nn/index.ts";
import { grad, type Tensor } from "../torch/index.ts";
import { prunableWeights } from "./prunable.ts";
import { definePruner, type Pruner, type PrunerContext } from "./pruner.ts";
import { imagesPerClass } from "./snip.ts";
import { scoreAndRestore } from "./score-and-restore.ts";

const temperature = 200;
const common = { source: "Wang, Zhang and Grosse, ICLR 2020, arXiv:2002.07376", weights: "initial" } as const;

export const grasp: Pruner = definePruner({
  ...common,
  name: "grasp",
  title: "GraSP",
  description: "before training: removes the weights whose removal reduces the gradient norm least",
  score: (context) => gradientFlow(context, (product) => product),
});

export const graspAsPublished: Pruner = definePruner({
  ...common,
  name: "grasp-as-published",
  title: "GraSP as published with the paper",
  description:
    "before training: removes the weights whose removal changes the gradient norm least, up or down, as the reference implementation does",
  score: (context) => gradientFlow(context, (product) => product.abs()),
});

/** `combine` of w · H g: the smallest are removed first. */
function gradientFlow(
  { model, images, layers }: PrunerContext,
  combine: (product: Tensor) => Tensor,
): Map<string, Tensor> {
  return scoreAndRestore(model, () => {
    model.train();
    const batch = images(imagesPerClass);
    const weights = prunableWeights(model, layers);
    const loss = crossEntropy(model.call(batch.images).div(temperature), batch.labels);
    const gradients = grad([loss], model.parameters(), { createGraph: true });
    const flow = gradients
      .map((gradient) => gradient.mul(gradient.detach()).sum())
      .reduce((sum, part) => sum.add(part));
    const products = grad([flow], [...weights.values()]);
    return new Map(
      [...weights].map(([name, weight], i) => [name, combine((products[i] as Tensor).mul(weight.detach()))]),
    );
  });
}
