/** Which of the two ways to compute a pruned network: densely under its mask, or with its live weights only. */
import type { Model } from "../models/index.ts";
import type { Mask } from "../prune/index.ts";
import { expectChoice } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { liveShare } from "./live-share.ts";
import { convolutionsOf, weightNames } from "./program.ts";
import { SparseModel, sparseObstacle } from "./sparse-model.ts";

export const engines = ["auto", "sparse", "dense"] as const;
export type Engine = (typeof engines)[number];

// Above this share of live arithmetic the dense operators may be faster: single convolutions change sides between 0.45 and 0.7 of
// live weights (docs/sparse-engine.md).
const MAX_LIVE_SHARE = 0.45;

export interface EngineChoice {
  readonly name: "dense" | "sparse";
  readonly reason: string;
}

/**
 * What `engine` means for this model; null for a model without a mask, where there is nothing to choose.
 * @throws CoppiceError E_CONFIG when the sparse engine is demanded and cannot run the model, E_ARG for another name.
 */
export function chooseEngine(engine: Engine, model: Model, mask: Mask | null): EngineChoice | null {
  expectChoice("engine", engine, engines);
  const obstacle = sparseObstacle(model);
  if (engine === "sparse" && (mask === null || obstacle !== null)) {
    const got = mask === null ? "one without a mask" : `one where ${obstacle}`;
    throw new CoppiceError("E_CONFIG", `--engine sparse: expected a pruned model that it can run, got ${got}`, {
      hint: "leave --engine out, or use --engine dense",
    });
  }
  if (mask === null) return null;
  if (engine !== "auto") return { name: engine, reason: "as asked" };
  if (obstacle !== null) return { name: "dense", reason: obstacle };
  const share = liveShareOf(model, mask);
  const live = `${share.toFixed(3)} of the multiplications are with live weights`;
  return share <= MAX_LIVE_SHARE
    ? { name: "sparse", reason: live }
    : { name: "dense", reason: `${live}, more than the ${MAX_LIVE_SHARE} up to which sparse kernels pay` };
}

/** Multiplications with live weights among those of all convolutions, 0 to 1; 1 for a model that does not describe its steps. */
export function liveShareOf(model: Model, mask: Mask): number {
  const graph = model.graph();
  if (graph === null) return 1;
  const live = new Map(mask.layers.map(({ name, nonzero }) => [name, nonzero]));
  const names = weightNames(model, graph);
  const counts = convolutionsOf(graph).map(
    ({ convolution }, i) => live.get(names[i] ?? "") ?? convolution.weight.numel,
  );
  return liveShare(graph, counts, model.spec.imageSize);
}

/** The model and mask to train with: on the sparse engine the model holds live weights only and needs no mask. */
export function engage(
  choice: EngineChoice | null,
  model: Model,
  mask: Mask | null,
): { model: Model; mask: Mask | null } {
  if (choice?.name !== "sparse" || mask === null) return { model, mask };
  return { model: new SparseModel(model, mask), mask: null };
}
