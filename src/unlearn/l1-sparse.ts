/**
 * l1-sparse unlearning: fine-tune on the retained data with an l1 penalty that makes weights small, and with them what the model has
 * learnt from the forgotten samples.
 *
 *   min_θ  CE(θ; D_r) + γ_t ‖θ‖₁   from θ_o
 *   decay     γ_t = γ (1 - t / (T - T₀))  for t < T - T₀, then 0
 *   increase  γ_t = γ t / (T - T₀)        for t < T - T₀, then 0
 *   constant  γ_t = γ                     for t < T - T₀, then 0
 *
 * Symbols    t epoch from 0 · T epochs · T₀ final epochs without penalty · η learning rate
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, section 4 (sparsity-aware unlearning)
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d unlearn/FT.py, FT_iter(with_l1=True); there `constant` exists as T₀ = T, which
 *            then penalises every epoch, and `increase` as a comment
 * Differs    solver `subgradient` (default) is the reference: γ_t sign(θ) is added to the gradient of all parameters, norms and
 *            biases included, and nothing becomes exactly zero. Solver `proximal` instead shrinks the convolution weights after
 *            each step by soft thresholding, θ ← sign(θ) max(|θ| - η γ_t, 0), which gives exact zeros. T₀ = T means no penalty.
 * Cost       T passes over D_r
 */
import { constant, sgd } from "../optim/index.ts";
import { prunableWeights } from "../prune/index.ts";
import { defineMethod } from "./method.ts";
import { expectWithinEpochs, mostEpochs, sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";
import { addSubgradient, softThreshold } from "./tools/l1-penalty.ts";
import { countZeros } from "./tools/parameters.ts";

export interface L1SparseOptions extends SgdMethodOptions {
  /** γ: penalty per unit of the l1 norm, ≥ 0. */
  readonly gamma: number;
  readonly schedule: "decay" | "constant" | "increase";
  /** T₀, 0 to T. */
  readonly tailEpochs: number;
  readonly solver: "subgradient" | "proximal";
}

/** γ_t of epoch t, from 0. */
export function gammaAt(epoch: number, { gamma, schedule, epochs, tailEpochs }: L1SparseOptions): number {
  const penalised = epochs - tailEpochs;
  if (epoch >= penalised) return 0;
  if (schedule === "constant") return gamma;
  return schedule === "decay" ? gamma * (1 - epoch / penalised) : (gamma * epoch) / penalised;
}

export const l1Sparse = defineMethod<L1SparseOptions>({
  name: "l1-sparse",
  title: "l1-sparse",
  description: "fine-tunes on the retained data with an l1 penalty on the weights",
  source: "Jia et al., NeurIPS 2023, arXiv:2304.04934",
  cost: "epochs passes over the retained data",
  needs: { retain: true, forget: false, start: "original" },
  options: {
    ...sgdOptions({
      epochs: 10,
      lr: 0.01,
      source: "reference README: --unlearn FT_prune --unlearn_lr 0.01 --unlearn_epochs 10",
    }),
    gamma: {
      type: "number",
      default: 1e-4,
      min: 0,
      description: "weight of the l1 penalty; its effect grows with lr x gamma x steps, so few steps need a larger one",
      source: "the authors' own runs (reference branch of January 2023); the code's default of 0.2 destroys the model",
    },
    schedule: {
      type: "choice",
      default: "decay",
      choices: ["decay", "constant", "increase"],
      description: "how the penalty changes over the epochs",
      source: "reference unlearn/FT.py",
    },
    tailEpochs: {
      type: "integer",
      default: 0,
      min: 0,
      max: mostEpochs,
      description: "last epochs without penalty",
      source: "reference --no-l1-epochs 0",
    },
    solver: {
      type: "choice",
      default: "subgradient",
      choices: ["subgradient", "proximal"],
      description:
        "subgradient steps as published (no exact zeros), or proximal steps on convolution weights (exact zeros)",
      source: "subgradient: reference; proximal: soft thresholding, Parikh and Boyd 2014, section 6.5.2",
    },
  },

  check({ tailEpochs, epochs }) {
    expectWithinEpochs("l1-sparse", "tailEpochs", tailEpochs, epochs);
  },

  async run({ model, retain, trainer }, options) {
    const { epochs, lr, momentum, weightDecay } = options;
    const proximal = options.solver === "proximal";
    await trainer.fit(retain, {
      epochs,
      optimizer: sgd(model.namedParameters(), { lr, momentum, weightDecay }),
      schedule: constant({ lr }),
      afterBackward: ({ epoch }) => {
        if (!proximal) addSubgradient(model.parameters(), gammaAt(epoch, options));
      },
      afterStep: ({ epoch }, learningRate) => {
        if (proximal) softThreshold(prunableWeights(model).values(), learningRate * gammaAt(epoch, options));
      },
      describeEpoch: (epoch) => ({ penalty: gammaAt(epoch, options), zeros: countZeros(model) }),
    });
    return { exactZeros: countZeros(model) };
  },
});
