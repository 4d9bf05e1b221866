export { chooseEngine, engage, type Engine, type EngineChoice, engines, liveShareOf } from "./engine.ts";
export { positionsByName } from "./live-share.ts";
export { SparseModel, sparseObstacle } from "./sparse-model.ts";
