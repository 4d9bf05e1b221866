export { breakEven, type BreakEven } from "./break-even.ts";
export { checkSparse, chooseEngine, applyEngine, type Engine, type EngineChoice, engines } from "./engine.ts";
export { liveShareOf, outputPixelsByName } from "./live-share.ts";
export { type Precision, precisions, SparseModel, sparseObstacle } from "./sparse-model.ts";
