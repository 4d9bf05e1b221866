/**
 * Random pruning: the control that every score has to beat.
 *
 *   score ~ U(0, 1)
 *
 * Source     Frankle et al., ICLR 2021, arXiv:2009.08576 (as a baseline)
 * Reference  torch.nn.utils.prune.random_unstructured, all layers together, as in OPTML-Group/Unlearn-Sparse@80ba55d --random_prune
 * Differs    no known difference
 */
import { keep, rand } from "../torch/index.ts";
import { prunableWeights } from "./prunable.ts";
import { definePruner } from "./pruner.ts";

export const random = definePruner({
  name: "random",
  title: "Random",
  description: "removes random weights",
  source: "Frankle et al., ICLR 2021, arXiv:2009.08576",
  weights: "trained",
  score: ({ model, generator, layers }) =>
    new Map([...prunableWeights(model, layers)].map(([name, { shape }]) => [name, keep(rand(shape, { generator }))])),
});
