/**
 * One-shot magnitude pruning: removes the weights of smallest magnitude, all convolutions ranked together.
 *
 *   m_i = 1[ |w_i| is among the (1 - s) d largest ]
 *
 * Symbols    w weights after dense training · d their number · s sparsity · m mask
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, section 4; Ma et al., 2021 (OMP)
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d main_imp.py, --prune_type rewind_lt --pruning_times 2
 * Differs    no known difference
 */
import type { Tensor } from "../torch/index.ts";
import { definePruner, type PrunerContext } from "./pruner.ts";
import { prunableWeights } from "./prunable.ts";

export const omp = definePruner({
  name: "omp",
  title: "One-shot magnitude pruning (OMP)",
  description: "removes the convolution weights of smallest magnitude in the trained model, all layers ranked together",
  source: "Jia et al., NeurIPS 2023, arXiv:2304.04934",
  weights: "trained",
  score: magnitudes,
});

/** |w| of every weight. */
export function magnitudes({ model, layers }: Pick<PrunerContext, "model" | "layers">): Map<string, Tensor> {
  return new Map([...prunableWeights(model, layers)].map(([name, weight]) => [name, weight.detach().abs()]));
}
