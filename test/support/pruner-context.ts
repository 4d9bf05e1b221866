/** What a pruner is given, for the linear network whose gradients are formulas. */
import type { Batch, BatchSource } from "../../src/data/batches.ts";
import type { Model } from "../../src/models/index.ts";
import type { PrunerContext } from "../../src/prune/index.ts";
import { arange, Generator } from "../../src/torch/index.ts";

/** Every weight may be pruned; the images are all of `source`, however many are asked for. */
export function prunerContext(model: Model, source: BatchSource): PrunerContext {
  const images = (): Batch => source.take(arange(0, source.count, 1, { dtype: "int64" }), null);
  return { model, images, generator: Generator.seeded(1), layers: "conv+linear" };
}
