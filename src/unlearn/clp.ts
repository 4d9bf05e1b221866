/**
 * Channel Lipschitzness pruning: channels whose Lipschitz bound is much larger than those of the other channels of their layer are assumed to
 * react to the trigger, and are pruned. It needs no data.
 *
 *   σ_k = ‖W_k‖₂ · |γ_k| / √var_k,   γ_k, β_k ← 0   where σ_k > mean(σ) + u · std(σ) over the layer
 *
 * Symbols    W_k weights of output channel k as a matrix [in, kH·kW] · γ, β, var of the normalisation after it
 * Source     Zheng et al., ECCV 2022, arXiv:2208.03111, section 4
 * Reference  rkteddy/channel-Lipschitzness-based-pruning; SCLBD/BackdoorBench defense/clp.py: u = 3
 * Differs    no known difference; u is the published one for CIFAR-10, not searched
 * Cost       none: no image is looked at
 */
import { noGrad, scope, type Tensor, where } from "../torch/index.ts";
import { defineMethod } from "./method.ts";
import { type NormalisedConvolution, normalisedConvolutions } from "./tools/channels.ts";

interface ClpOptions {
  /** u. */
  readonly u: number;
}

export const clp = defineMethod<ClpOptions>({
  name: "clp",
  title: "Channel Lipschitzness pruning (CLP)",
  description: "prunes channels whose Lipschitz bound is an outlier in their layer; needs no data",
  source: "Zheng et al., ECCV 2022, arXiv:2208.03111",
  cost: "none",
  needs: { retain: false, forget: false, start: "original" },
  options: {
    u: {
      type: "number",
      default: 3,
      min: 0,
      description: "a channel is pruned if its bound is more than this many standard deviations above the layer's mean",
      source: "Zheng et al., section 5; BackdoorBench config/defense/clp",
    },
  },
  smallestSet: () => Infinity,
  needsDense: () => "the shape of whole weights",

  async run({ model, trainer, log }, { u }) {
    const pruned = trainer.work(() =>
      normalisedConvolutions(model, "clp").reduce((sum, layer) => sum + pruneOutliers(layer, u), 0),
    );
    log(`clp: ${pruned} channels pruned`);
    return {};
  },
});

/** @returns how many channels were pruned */
export function pruneOutliers({ convolution, norm }: NormalisedConvolution, u: number): number {
  return noGrad(() =>
    scope(() => {
      const bounds_K = lipschitzBounds(convolution.weight, norm.weight, norm.runningVar);
      const outlying_K = bounds_K.gt(bounds_K.mean().add(bounds_K.variance(true).sqrt().mul(u)));
      for (const parameter of [norm.weight, norm.bias]) {
        parameter.copy_(where(outlying_K, parameter.zerosLike(), parameter));
      }
      return outlying_K.sum().item();
    }),
  );
}

/** Largest singular values of the channels' matrices with their normalisation: [K]. */
export function lipschitzBounds(weight_KIHW: Tensor, gamma_K: Tensor, variance_K: Tensor): Tensor {
  const [count = 0, inputs = 0] = weight_KIHW.shape;
  const matrices = weight_KIHW.to("float64").reshape([count, inputs, -1]);
  const squares = matrices.transpose(1, 2).matmul(matrices).linalgEigvalsh().amax([1]).clampMin(0);
  return squares.sqrt().mul(gamma_K.div(variance_K.sqrt()).abs());
}
