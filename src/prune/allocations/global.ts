/**
 * All layers ranked together: the weights with the smallest scores are removed, in whichever layer they are.
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934 (global unstructured pruning)
 * Reference  torch.nn.utils.prune.global_unstructured as called by OPTML-Group/Unlearn-Sparse@80ba55d
 * Differs    ties, see global-mask.ts
 */
import { defineAllocation } from "../allocation.ts";
import { globalMask } from "../global-mask.ts";

export const global = defineAllocation({
  name: "global",
  description: "all layers ranked together",
  source: "Jia et al., NeurIPS 2023, arXiv:2304.04934",
  mask: (scores, { sparsity }) => globalMask(scores, sparsity),
});
