/**
 * The same sparsity in every layer: in each layer the weights with the smallest scores are removed.
 *
 *   kept_l = (1 - s) n_l
 *
 * Symbols    s sparsity · n_l weights of layer l
 * Source     Blalock et al., MLSys 2020, arXiv:2003.03033 (layerwise magnitude pruning, beside the global one)
 * Reference  JJGO/shrinkbench strategies/magnitude.py, LayerMagWeight
 * Differs    shares are rounded by largest remainder, so that the total is that of the other allocations: of a layer at most one
 *            weight more or less than its own share
 */
import { defineAllocation, keepInProportion } from "../allocation.ts";

export const layerWise = defineAllocation({
  name: "layer-wise",
  description: "the same share of every layer, the first included",
  source: "Blalock et al., MLSys 2020, arXiv:2003.03033",
  mask: (scores, { sparsity }) =>
    keepInProportion(
      scores,
      sparsity,
      [...scores.values()].map(({ numel }) => numel),
    ),
});
