export { breakEven, type BreakEven } from "./break-even.ts";
export { checkSparse, chooseEngine, engage, type Engine, type EngineChoice, engines } from "./engine.ts";
export { liveShareOf, positionsByName } from "./live-share.ts";
export { type Precision, precisions, SparseModel, sparseObstacle } from "./sparse-model.ts";
