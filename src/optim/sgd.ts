/**
 * Stochastic gradient descent with momentum, as torch.optim.SGD, operation by operation.
 *
 *   g ← ±∇L (minus: maximise) + λ θ
 *   b ← g at the first step, else μ b + (1 - τ) g
 *   θ ← θ - η b,   Nesterov: θ ← θ - η (g + μ b),   without momentum: θ ← θ - η g
 *
 * Symbols  η lr · μ momentum · τ dampening · λ weight decay · b momentum buffer
 *
 * An entry whose weight, gradient and momentum are all 0 stays exactly 0.
 */
import type { Tensor } from "../torch/index.ts";
import { expectNonNegative } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { bufferOf, Optimizer } from "./optimizer.ts";
import type { ParameterList, Slot } from "./optimizer.ts";

export interface SgdOptions {
  /** η ≥ 0. */
  readonly lr: number;
  /** μ ≥ 0, default 0. */
  readonly momentum?: number;
  /** τ ≥ 0, default 0. */
  readonly dampening?: number;
  /** λ ≥ 0, default 0. */
  readonly weightDecay?: number;
  /** Needs momentum > 0 and no dampening; default false. */
  readonly nesterov?: boolean;
  /** Climb instead of descend (the weight decay still shrinks); default false. */
  readonly maximize?: boolean;
}

/** @throws CoppiceError E_ARG for a negative or NaN setting, E_CONFIG for Nesterov without momentum or with dampening. */
export function sgd(parameters: ParameterList, options: SgdOptions): Optimizer {
  return new Sgd(parameters, options);
}

const momentumBuffer = "momentum_buffer";

class Sgd extends Optimizer {
  readonly #options: Required<SgdOptions>;

  constructor(parameters: ParameterList, options: SgdOptions) {
    super(parameters, options.lr, options.momentum ? [momentumBuffer] : []);
    this.#options = { momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false, ...options };
    const { momentum, dampening, weightDecay, nesterov } = this.#options;
    expectNonNegative("sgd.momentum", momentum);
    expectNonNegative("sgd.dampening", dampening);
    expectNonNegative("sgd.weightDecay", weightDecay);
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      const got = `momentum ${momentum} and dampening ${dampening}`;
      throw new CoppiceError("E_CONFIG", `sgd.nesterov: expected momentum > 0 and dampening 0 with it, got ${got}`);
    }
  }

  protected override update(parameter: Tensor, gradient: Tensor, slot: Slot): void {
    const { momentum, dampening, weightDecay, nesterov, maximize } = this.#options;
    const signed = maximize ? gradient.neg() : gradient;
    const decayed = weightDecay === 0 ? signed : signed.add(parameter, weightDecay);
    if (momentum === 0) {
      parameter.add_(decayed, -this.lr);
      return;
    }
    const buffer = bufferOf(slot, momentumBuffer);
    if (slot.steps === 1) buffer.copy_(decayed);
    else buffer.mul_(momentum).add_(decayed, 1 - dampening);
    parameter.add_(nesterov ? decayed.add(buffer, momentum) : buffer, -this.lr);
  }
}
