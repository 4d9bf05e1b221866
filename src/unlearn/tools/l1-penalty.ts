/**
 * Two ways to minimise an l1 penalty γ ‖θ‖₁: subgradient steps, and soft thresholding.
 *
 *   subgradient  ∇ + γ sign(θ);   proximal  θ ← sign(θ) max(|θ| - t, 0)
 *
 * Source     Parikh and Boyd, "Proximal Algorithms", 2014, section 6.5.2 (soft thresholding)
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d unlearn/FT.py: autograd of the l1 norm, whose subgradient at 0 is 0
 * Differs    no known difference
 */
import { noGrad, scope, type Tensor } from "../../torch/index.ts";

/** Adds γ sign(θ) to every gradient: the subgradient of γ ‖θ‖₁ that is 0 at 0, as autograd's. */
export function addSubgradient(parameters: Iterable<Tensor>, gamma: number): void {
  if (gamma === 0) return;
  noGrad(() =>
    scope(() => {
      for (const parameter of parameters) parameter.grad?.add_(parameter.sign(), gamma);
    }),
  );
}

/** θ ← sign(θ) max(|θ| - threshold, 0), in place. */
export function softThreshold(weights: Iterable<Tensor>, threshold: number): void {
  if (threshold === 0) return;
  noGrad(() =>
    scope(() => {
      for (const weight of weights) weight.copy_(weight.sign().mul_(weight.abs().sub_(threshold).clampMin_(0)));
    }),
  );
}
