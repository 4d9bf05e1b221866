/**
 * A normalisation whose channels are multiplied by a mask and perturbed.
 *
 *   weight = (m + δ) ⊙ γ,   bias = (1 + ξ) ⊙ β;   m ← clip(m - lr v, 0, 1),  v ← μ v + ∂L/∂m,   ∂L/∂m = ∂L/∂weight ⊙ γ
 *
 * Shapes     K channels
 * Source     Wu and Wang, NeurIPS 2021, arXiv:2110.14430, algorithm 1
 * Reference  csdongxian/ANP_backdoor@85acbae models/anp_batchnorm.py NoisyBatchNorm2d
 * Differs    writes the products into the layer's own parameters instead of being another layer: the gradients follow by the chain rule
 */
import type { BatchNorm2d } from "../../nn/index.ts";
import { keep, noGrad, ones, rand, type Generator, scope, type Tensor, where } from "../../torch/index.ts";

/** δ and ξ, [K] each. */
export interface Perturbation {
  readonly weight: Tensor;
  readonly bias: Tensor;
}

const momentum = 0.9;

export class MaskedNorm implements Disposable {
  readonly norm: BatchNorm2d;
  /** m, 0 to 1, at first 1. */
  readonly mask_K: Tensor;
  readonly #velocity_K: Tensor;
  readonly #gamma_K: Tensor;
  readonly #beta_K: Tensor;

  constructor(norm: BatchNorm2d) {
    const copy = (of: Tensor): Tensor => keep(scope(() => of.detach().clone()));
    this.norm = norm;
    [this.#gamma_K, this.#beta_K] = [copy(norm.weight), copy(norm.bias)];
    this.mask_K = keep(scope(() => ones(norm.weight.shape).to(norm.weight.dtype).to(norm.weight.device)));
    this.#velocity_K = keep(scope(() => this.mask_K.zerosLike()));
  }

  /** Sets weight and bias under the mask; without a perturbation the bias is β. */
  apply(perturbation: Perturbation | null): void {
    noGrad(() =>
      scope(() => {
        const { weight, bias } = perturbation ?? {};
        const { norm, mask_K } = this;
        norm.weight.copy_((weight === undefined ? mask_K : mask_K.add(weight)).mul(this.#gamma_K));
        norm.bias.copy_(bias === undefined ? this.#beta_K : bias.add(1).mul(this.#beta_K));
      }),
    );
  }

  /** Uniform on [-ε, ε]. Call it in a scope. */
  drawPerturbation(epsilon: number, generator: Generator): Perturbation {
    const { shape, dtype, device } = this.mask_K;
    const noise = (): Tensor =>
      rand(shape, { generator })
        .mul(2 * epsilon)
        .sub(epsilon)
        .to(dtype)
        .to(device);
    return { weight: noise(), bias: noise() };
  }

  /**
   * The perturbation that raises the loss: a step of ε along the signs of the gradients, clipped to ±ε. Call it in a scope.
   * @param gradients of the loss with respect to the layer's weight and bias
   */
  perturb({ weight, bias }: Perturbation, gradients: Perturbation, epsilon: number): Perturbation {
    const ascend = (from: Tensor, gradient: Tensor, factor: Tensor): Tensor =>
      from.add(gradient.mul(factor).sign().mul(epsilon)).clamp(-epsilon, epsilon);
    return {
      weight: ascend(weight, gradients.weight, this.#gamma_K),
      bias: ascend(bias, gradients.bias, this.#beta_K),
    };
  }

  /** One SGD step on the mask. @param gradient_K of the loss with respect to the layer's weight */
  updateMask(gradient_K: Tensor, lr: number): void {
    noGrad(() =>
      scope(() => {
        this.#velocity_K.mul_(momentum).add_(gradient_K.mul(this.#gamma_K));
        this.mask_K.sub_(this.#velocity_K.mul(lr)).clamp_(0, 1);
      }),
    );
  }

  /** Sets weight and bias to γ and β, but γ = 0 where the mask is at most `threshold`; null restores all channels. */
  prune(threshold: number | null): void {
    noGrad(() =>
      scope(() => {
        const { norm, mask_K } = this;
        const kept =
          threshold === null ? this.#gamma_K : where(mask_K.le(threshold), this.#gamma_K.zerosLike(), this.#gamma_K);
        norm.weight.copy_(kept);
        norm.bias.copy_(this.#beta_K);
      }),
    );
  }

  [Symbol.dispose](): void {
    for (const tensor of [this.mask_K, this.#velocity_K, this.#gamma_K, this.#beta_K]) tensor.dispose();
  }
}
