/**
 * SynFlow: prune before training and without data, by how much of the network's total path strength passes through a weight.
 *
 *   R = 1ᵀ f_{|θ|}(1),   score = |∂R/∂w · w|,   in 100 steps, each removing 1 - (1 - s)^(1/100) of what is left
 *
 * Symbols    f_{|θ|} the network with every parameter replaced by its size, in evaluation mode · 1 an input of ones · s sparsity
 * Source     Tanaka et al., NeurIPS 2020, arXiv:2006.05467, algorithm 1
 * Reference  ganguli-lab/Synaptic-Flow; OPTML-Group/Unlearn-Sparse@80ba55d main_synflow.py (`synflow-as-published`)
 * Differs    `synflow`: batch normalisation is a scaling by |γ| / σ, without mean and bias, and the input of ones enters after the images'
 *            normalisation, so that scores into and out of a channel are equal (the paper's conservation law).
 *            `synflow-as-published`: means, biases and the images' normalisation are kept, as absolute values. Both in float64: scores overflow float32.
 */
import { BatchNorm2d } from "../nn/index.ts";
import type { Model } from "../models/index.ts";
import { grad, noGrad, ones, scope, type Tensor } from "../torch/index.ts";
import { prunableWeights } from "./prunable.ts";
import { definePruner, type Pruner, type PrunerContext } from "./pruner.ts";
import { scoreAndRestore } from "./score-and-restore.ts";

const common = {
  source: "Tanaka et al., NeurIPS 2020, arXiv:2006.05467",
  weights: "initial",
  steps: 100,
} as const;

export const synflow: Pruner = definePruner({
  ...common,
  name: "synflow",
  title: "SynFlow",
  description:
    "before training and without data: removes the weights through which least of the network's total path strength passes",
  score: (context) => flow(context, true),
});

export const synflowAsPublished: Pruner = definePruner({
  ...common,
  name: "synflow-as-published",
  title: "SynFlow as published",
  description: "SynFlow with the means and biases of normalisations, as the reference implementation does",
  score: (context) => flow(context, false),
});

function flow({ model, layers }: PrunerContext, linear: boolean): Map<string, Tensor> {
  return scoreAndRestore(model, () => {
    model.to("float64");
    model.eval();
    noGrad(() => model.stateDict().forEach((value) => void (value.dtype === "float64" && value.abs_())));
    if (linear) noGrad(() => linearize(model));
    return scope(() => {
      const { inChannels, imageSize, normalize } = model.spec;
      const shape = [1, inChannels, imageSize, imageSize];
      const input = ones(shape, { dtype: "float64" });
      // What normalisation turns into ones.
      if (linear) normalize.mean.forEach((mean, c) => input.select(1, c).fill_(mean + (normalize.std[c] ?? 1)));
      const weights = prunableWeights(model, layers);
      const gradients = grad([model.call(input).sum()], [...weights.values()]);
      return new Map(
        [...weights].map(([name, weight], i) => [name, (gradients[i] as Tensor).mul(weight.detach()).abs()]),
      );
    });
  });
}

/** Without running means and biases a normalisation is a scaling. */
function linearize(model: Model): void {
  for (const layer of model.namedModules().values()) {
    if (layer instanceof BatchNorm2d) layer.runningMean.zero_();
  }
  for (const [name, parameter] of model.namedParameters()) {
    if (name.endsWith(".bias")) parameter.detach().zero_();
  }
}
