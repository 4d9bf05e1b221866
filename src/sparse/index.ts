export { SparseModel, sparseObstacle } from "./sparse-model.ts";
