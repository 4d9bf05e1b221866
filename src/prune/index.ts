/** Masks, and the pruners that make them. */
export { type Allocation, type AllocationRequest, defineAllocation } from "./allocation.ts";
export { allocationNamed, allocationRegistry, allocations } from "./allocations/registry.ts";
export { connectLayers, expectOneEach } from "./connect-layers.ts";
export { globalMask, roundHalfEven } from "./global-mask.ts";
export { imp, roundCount, roundSparsities } from "./imp.ts";
export { expectSomethingLeft, maskBy } from "./iterate.ts";
export { Mask, type MaskLayerSummary } from "./mask.ts";
export { omp } from "./omp.ts";
export { countNonzero, type LayerKinds, layerKinds, prunableWeights } from "./prunable.ts";
export { definePruner, type Pruner, type PrunerContext } from "./pruner.ts";
export { prunerNamed, prunerRegistry, pruners } from "./registry.ts";
