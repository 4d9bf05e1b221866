/** From a description to a network, or to an ensemble of several. */
import type { Generator } from "../torch/index.ts";
import type { Architecture } from "./architecture.ts";
import { Ensemble } from "./ensemble.ts";
import { type Model, type ModelSpec, resolveSpec } from "./model.ts";
import { architectureRegistry } from "./registry.ts";

/**
 * A freshly initialised model on the CPU in float32, in training mode. The same spec and generator state give the same weights.
 * @param spec its `arch` is a name, or an architecture of the caller's own
 * @throws CoppiceError E_ARG for an unknown architecture (the nearest name is suggested) or a spec it cannot have
 */
export function createModel(
  spec: Omit<ModelSpec, "arch"> & { readonly arch: string | Architecture },
  generator: Generator,
): Model {
  const { name, stems = ["cifar"], build } = architectureRegistry.resolve(spec.arch);
  const resolved = resolveSpec({ ...spec, arch: name }, stems);
  if (resolved.members === 1) return build(resolved, generator);
  const one = { ...resolved, members: 1 };
  return new Ensemble(
    resolved,
    Array.from({ length: resolved.members }, () => build(one, generator)),
  );
}
