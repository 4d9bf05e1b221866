export { chooseEngine, engage, type Engine, type EngineChoice, engines } from "./engine.ts";
export { SparseModel, sparseObstacle } from "./sparse-model.ts";
