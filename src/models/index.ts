export { Ensemble, memberName } from "./ensemble.ts";
export type { ConvolutionStep, NetworkGraph, PoolStep } from "./graph.ts";
export { HEAD, Model } from "./model.ts";
export type { ModelSpec, ResolvedModelSpec, Stem } from "./model.ts";
export { createModel, models } from "./registry.ts";
export type { ModelInfo } from "./registry.ts";
