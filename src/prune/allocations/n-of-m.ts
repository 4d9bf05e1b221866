/**
 * N:M: of every four neighbouring weights along the input channels the N largest are kept. Tensor cores and sparse libraries support this pattern.
 *
 *   N = 4 (1 - s):   2:4 at s = 0.5,  1:4 at 0.75,  3:4 at 0.25
 *
 * Symbols    s sparsity
 * Source     Mishra et al., arXiv:2104.08378 (2:4); Zhou et al., ICLR 2021, arXiv:2102.04010 (N:M)
 * Reference  NVIDIA/apex contrib/sparsity (ASP), mask "m4n2_1d"
 * Differs    layers whose number of input channels four does not divide stay whole, as there; so the network's sparsity is a little less
 */
import { noGrad, scope, type Tensor } from "../../torch/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import { defineAllocation } from "../allocation.ts";
import { checkScores } from "../global-mask.ts";
import { Mask } from "../mask.ts";

const group = 4;

export const nOfM = defineAllocation({
  name: "n:m",
  description: "the same number of every four weights along the input channels: 2:4 at --sparsity 0.5",
  source: "Mishra et al., arXiv:2104.08378",
  check(sparsity) {
    const kept = group * (1 - sparsity);
    if (Number.isInteger(kept) && kept > 0 && kept < group) return;
    throw new CoppiceError("E_ARG", `n:m: expected sparsity 0.25, 0.5 or 0.75 (3:4, 2:4, 1:4), got ${sparsity}`, {
      hint: "choose one of them, or another --allocation",
    });
  },
  mask(scores, { sparsity }) {
    this.check?.(sparsity);
    const kept = group * (1 - sparsity);
    checkScores(scores);
    return noGrad(() =>
      scope(() => Mask.of(new Map([...scores].map(([name, score]) => [name, ofEveryFour(score.detach(), kept)])))),
    );
  },
});

/** @param score [O, I, …] */
function ofEveryFour(score: Tensor, kept: number): Tensor {
  const [out = 0, inputs = 0, ...kernel] = score.shape;
  if (inputs % group !== 0) return score.onesLike();
  const field = kernel.reduce((product, size) => product * size, 1);
  const groups = score.reshape([out, inputs / group, group, field]);
  const [, order] = groups.sortStable(true, 2, true);
  const largest = order.narrow(2, 0, kept);
  return groups
    .zerosLike()
    .scatter_(2, largest, largest.onesLike().to(groups.dtype))
    .reshape([...score.shape]);
}
