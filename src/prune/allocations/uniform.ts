/**
 * The same share of every layer except the first, which stays dense: it is small, and all other layers depend on it. The other layers lose
 * a little more instead.
 *
 * Source     Evci et al., ICML 2020, arXiv:1911.11134, section 3 ("Uniform")
 * Reference  google-research/rigl, rigl/sparse_utils.py, method "random" with the first layer left out
 * Differs    the given sparsity is that of the whole network, there that of each layer except the first. Where the first layer is more
 *            than half of what is kept, it is pruned like the others
 */
import { defineAllocation, keepInProportion, keptCount } from "../allocation.ts";

export const uniform = defineAllocation({
  name: "uniform",
  description: "the same share of every layer; the first convolution stays whole",
  source: "Evci et al., ICML 2020, arXiv:1911.11134",
  mask(scores, { sparsity }) {
    const sizes = [...scores.values()].map(({ numel }) => numel);
    const all = sizes.reduce((sum, size) => sum + size, 0);
    const [first = 0] = sizes;
    const whole = first <= keptCount(scores, sparsity) / 2;
    // A weight beyond any bound: the first layer is filled up before the others get their shares.
    const weights = sizes.map((size, i) => (i === 0 && whole ? all * all : size));
    return keepInProportion(scores, sparsity, weights);
  },
});
