export { Ensemble, memberName } from "./ensemble.ts";
export type { ConvolutionStep, NetworkGraph, PoolStep } from "./graph.ts";
export { HEAD, Model } from "./model.ts";
export type { ModelSpec, ResolvedModelSpec, Stem } from "./model.ts";
export { type Architecture, defineArchitecture } from "./architecture.ts";
export { createModel } from "./create-model.ts";
export { architectureRegistry, architectures } from "./registry.ts";
