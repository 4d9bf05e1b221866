/** Which weights pruning may remove, and how many live. */
import { type LayerKinds, layerKinds } from "../record/prune-config.ts";
import { Conv2d, Linear, type Module } from "../nn/index.ts";
import { scope, type Tensor } from "../torch/index.ts";

/** Which layers are pruned. */
export { type LayerKinds, layerKinds };

/**
 * The weights that are pruned, by parameter name in model order: every convolution's, stem and 1x1 shortcuts included; the
 * classifier's if asked for; never biases or norms.
 * Source: OPTML-Group/Unlearn-Sparse@80ba55d pruner (global over all Conv2d weights).
 */
export function prunableWeights(model: Module, layers: LayerKinds = "conv"): Map<string, Tensor> {
  const linear = layers === "conv+linear";
  return weightsOf(
    model,
    (layer) => layer instanceof Conv2d || (linear && layer instanceof Linear),
    model.namedParameters(),
  );
}

/**
 * Weights of convolutions and linear layers with how many entries are not exactly zero, in model order. Weights as in the state
 * dict: of a model that holds live weights only, what it has removed counts as zero.
 */
export function countNonzero(model: Module): { name: string; shape: number[]; numel: number; nonzero: number }[] {
  const state = model.stateDict();
  const weights = weightsOf(model, (layer) => layer instanceof Conv2d || layer instanceof Linear, state);
  return scope(() =>
    [...weights].map(([name, weight]) => {
      const nonzero = weight.countNonzero().item();
      return { name, shape: [...weight.shape], numel: weight.numel, nonzero };
    }),
  );
}

function weightsOf(
  model: Module,
  wanted: (layer: Module) => boolean,
  parameters: ReadonlyMap<string, Tensor>,
): Map<string, Tensor> {
  const found = new Map<string, Tensor>();
  for (const [path, layer] of model.namedModules()) {
    const name = path === "" ? "weight" : `${path}.weight`;
    const weight = parameters.get(name);
    if (weight !== undefined && wanted(layer)) found.set(name, weight);
  }
  return found;
}
