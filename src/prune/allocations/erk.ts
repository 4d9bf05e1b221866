/**
 * Erdős-Rényi-Kernel: a layer's density is proportional to the sum of its dimensions over their product, so that wide layers become
 * sparser than narrow ones. Layers that would be more than dense stay dense, and the others make up for it.
 *
 *   density_l = e (I + O + H + W) / (I O H W)
 *
 * Symbols    I, O input and output channels · H, W kernel · e chosen so that the total is met
 * Source     Evci et al., ICML 2020, arXiv:1911.11134, section 3
 * Reference  google-research/rigl, rigl/sparse_utils.py, method "erdos_renyi_kernel" with power 1
 * Differs    the weights add up to the total exactly: shares are rounded by largest remainder
 */
import { defineAllocation, keepInProportion } from "../allocation.ts";

export const erk = defineAllocation({
  name: "erk",
  description: "wide layers sparser than narrow ones (Erdős-Rényi-Kernel)",
  source: "Evci et al., ICML 2020, arXiv:1911.11134",
  mask(scores, { sparsity }) {
    const dimensions = [...scores.values()].map(({ shape }) => shape.reduce((sum, size) => sum + size, 0));
    return keepInProportion(scores, sparsity, dimensions);
  },
});
