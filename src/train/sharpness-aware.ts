/**
 * Sharpness-aware minimisation: each step goes down the gradient of the place nearby where the loss is highest, so that training ends where
 * the loss is low all around.
 *
 *   θ ← step(∇L(θ + ε)),   ε = ρ T² g / (‖T g‖ + 1e-12),   g = m ⊙ ∇L(θ)
 *   plain (SAM)  T = 1        adaptive (ASAM)  T = |θ|
 *
 * Symbols    L loss of the batch · ρ radius · T by the entry · ‖·‖ over all parameters together · m mask
 * Source     Foret et al., ICLR 2021, arXiv:2010.01412 (SAM); Kwon et al., ICML 2021, arXiv:2102.11600 (ASAM)
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d SAM.py, unlearn/retrain_sam.py: adaptive, ρ = 2
 * Differs    as there T = |θ| for all parameters, where the authors of ASAM take |θ| + 0.01 for weights and 1 for biases; as there running
 *            statistics move in both forward passes. Weights are put back from a copy
 * Cost       twice the training's, and a copy of the weights
 */
import { grad, noGrad, scope, stack, type Tensor } from "../torch/index.ts";
import { expectNonNegative } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { defaultLoss, type FitOptions, type StepContext } from "./options.ts";
import type { Trainer } from "./trainer.ts";

export interface Sharpness {
  /** ρ ≥ 0; 0: training as it is. */
  readonly rho: number;
  /** T = |θ|, else T = 1. */
  readonly adaptive: boolean;
}

/**
 * What `trainer.fit` is told, so that it trains sharpness-aware: by the same loss, under the trainer's mask. What `options` add to gradients is
 * added to those at θ + ε, and has no part in ε.
 * @param sharpness undefined: as ρ = 0 @throws CoppiceError E_ARG for a negative ρ; in training E_CONFIG where the loss at θ + ε is not finite
 */
export function sharpnessAware(trainer: Trainer, options: FitOptions, sharpness: Sharpness | undefined): FitOptions {
  if (sharpness === undefined) return options;
  expectNonNegative("sharpness rho", sharpness.rho);
  if (sharpness.rho === 0) return options;
  const { loss = defaultLoss, afterBackward } = options;
  return {
    ...options,
    afterBackward: (context) => {
      trainer.mask?.applyToGradients(trainer.model);
      takeWorstGradients(trainer, context, loss, sharpness);
      afterBackward?.(context);
    },
  };
}

/** Puts ∇L(θ + ε) in the place of each gradient, and leaves the weights as they were. */
function takeWorstGradients(
  { model }: Trainer,
  context: StepContext,
  lossOf: (context: StepContext) => Tensor,
  sharpness: Sharpness,
): void {
  const parameters = model.parameters().filter((parameter) => parameter.grad !== null);
  const before = parameters.map((parameter) => parameter.detach().clone());
  noGrad(() => scope(() => climb(parameters, sharpness)));
  const loss = lossOf({ ...context, logits_NK: model.call(context.images_NCHW) });
  const gradients = grad([loss], parameters);
  noGrad(() => {
    for (const [i, parameter] of parameters.entries()) {
      parameter.copy_(before[i] as Tensor);
      parameter.grad = gradients[i] as Tensor;
    }
  });
  const value = loss.item();
  if (!Number.isFinite(value)) throw notFinite(value, context, sharpness);
}

/** θ ← θ + ε, by the gradients that are there. */
function climb(parameters: readonly Tensor[], { rho, adaptive }: Sharpness): void {
  const pairs = parameters.map((parameter) => [parameter, parameter.grad as Tensor] as const);
  const norms = pairs.map(([parameter, gradient]) => (adaptive ? gradient.mul(parameter) : gradient).norm());
  const scale = rho / (stack(norms).norm().item() + 1e-12);
  for (const [parameter, gradient] of pairs) {
    if (adaptive) parameter.addcmul_(gradient, parameter.square(), scale);
    else parameter.add_(gradient, scale);
  }
}

function notFinite(value: number, { epoch, step }: StepContext, { rho }: Sharpness): CoppiceError {
  const where = `epoch ${epoch + 1}, step ${step + 1}`;
  return new CoppiceError(
    "E_CONFIG",
    `sharpness-aware training: expected a finite loss at the worst weights nearby, got ${value} at ${where} with rho ${rho}`,
    { hint: "lower rho (--sam); the last checkpoint is untouched" },
  );
}
