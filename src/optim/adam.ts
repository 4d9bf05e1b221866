/**
 * Adam, as torch.optim.Adam, operation by operation.
 *
 *   g ← ∇L + λ θ
 *   m ← β₁ m + (1 - β₁) g,   v ← β₂ v + (1 - β₂) g²,   AMSGrad: v̂ ← max(v̂, v), else v̂ = v
 *   θ ← θ - η / (1 - β₁ᵗ) · m / (√v̂ / √(1 - β₂ᵗ) + ε)
 *
 * Symbols  η lr · λ weight decay · m, v moments of the gradient · t updates so far
 * Source   Kingma and Ba 2015, arXiv:1412.6980, algorithm 1; Reddi et al. 2018, arXiv:1904.09237, algorithm 2;
 *          decoupled decay: Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2
 */
import type { Tensor } from "../torch/index.ts";
import { expectNonNegative, expectRange } from "../util/assert.ts";
import { bufferOf, Optimizer } from "./optimizer.ts";
import type { ParameterList, Slot } from "./optimizer.ts";

export interface AdamOptions {
  /** η ≥ 0. */
  readonly lr: number;
  /** β₁ and β₂, each in [0, 1); default 0.9 and 0.999. */
  readonly betas?: readonly [number, number];
  /** ε ≥ 0, default 1e-8. */
  readonly eps?: number;
  /** λ ≥ 0; default 0, in AdamW 0.01. */
  readonly weightDecay?: number;
  /** Never let the step size of an entry grow again; default false. */
  readonly amsgrad?: boolean;
}

/** @throws CoppiceError E_ARG for a negative or NaN setting, or a β outside of [0, 1). */
export function adam(parameters: ParameterList, options: AdamOptions): Optimizer {
  return new Adam(parameters, { weightDecay: 0, ...options }, false);
}

/** Adam whose weight decay is a separate factor, θ ← (1 - η λ) θ, before the step. */
export class Adam extends Optimizer {
  readonly #options: Required<AdamOptions>;
  readonly #decoupled: boolean;

  constructor(parameters: ParameterList, options: AdamOptions & { weightDecay: number }, decoupled: boolean) {
    super(parameters, options.lr, ["exp_avg", "exp_avg_sq", ...(options.amsgrad ? ["max_exp_avg_sq"] : [])]);
    this.#options = { betas: [0.9, 0.999], eps: 1e-8, amsgrad: false, ...options };
    this.#decoupled = decoupled;
    const { betas, eps, weightDecay } = this.#options;
    expectRange("adam.betas[0]", betas[0], 0, 1, true);
    expectRange("adam.betas[1]", betas[1], 0, 1, true);
    expectNonNegative("adam.eps", eps);
    expectNonNegative("adam.weightDecay", weightDecay);
  }

  protected override update(parameter: Tensor, gradient: Tensor, slot: Slot): void {
    const { betas, eps, weightDecay, amsgrad } = this.#options;
    const [beta1, beta2] = betas;
    if (this.#decoupled) parameter.mul_(1 - this.lr * weightDecay);
    const decayed = this.#decoupled || weightDecay === 0 ? gradient : gradient.add(parameter, weightDecay);

    const mean = bufferOf(slot, "exp_avg")
      .mul_(beta1)
      .add_(decayed, 1 - beta1);
    const square = bufferOf(slot, "exp_avg_sq")
      .mul_(beta2)
      .addcmul_(decayed, decayed, 1 - beta2);
    const bound = amsgrad ? raise(bufferOf(slot, "max_exp_avg_sq"), square) : square;
    const denominator = bound
      .sqrt()
      .div_(Math.sqrt(1 - beta2 ** slot.steps))
      .add_(eps);
    parameter.addcdiv_(mean, denominator, -this.lr / (1 - beta1 ** slot.steps));
  }
}

/** The running maximum, in place. */
function raise(maximum: Tensor, value: Tensor): Tensor {
  return maximum.copy_(maximum.maximum(value));
}
