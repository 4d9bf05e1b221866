/** What the sizes of a model's layers alone tell of a mask that is asked for: refused before anything is written. */
import {
  allocationNamed,
  expectOneEach,
  expectSomethingLeft,
  prunableWeights,
  prunerNamed,
  roundCount,
  roundHalfEven,
} from "../prune/index.ts";
import { disposeAll, keep, noGrad, scope } from "../torch/index.ts";
import type { PruneConfig } from "./config.ts";
import { freshModel, specOf } from "./model-file.ts";
import type { Parent } from "./parent.ts";
import { allocationRequest } from "./pruning.ts";

/** @throws CoppiceError E_ARG when the rounds would be too many, no weight would be left, or a budget of multiplications cannot be met */
export function checkMask(config: PruneConfig, { record, loaded }: Pick<Parent, "record" | "loaded">): void {
  const { sparsity, rate, layers, keepConnected } = config;
  const { steps = 1, roundRate } = prunerNamed(config.pruner);
  if (roundRate !== undefined) roundCount(sparsity, rate ?? roundRate);
  const sizes = record.result.layers.filter(({ shape }) => shape.length === 4 || layers === "conv+linear");
  const all = sizes.reduce((sum, { numel }) => sum + numel, 0);
  const left = all - roundHalfEven(sparsity * all);
  // In several steps each is rounded, and the last ones may remove nothing.
  if (steps === 1) expectSomethingLeft(left, all, sparsity);
  if (steps === 1 && keepConnected === true) expectOneEach(left, sizes.length);
  if (config.allocation !== "flops") return;
  using model = freshModel(specOf(record.model, loaded.dataset), config.seed, "cpu");
  tryAllocation(config, model);
}

/** Whether the budget can be met does not depend on the scores. */
function tryAllocation(config: PruneConfig, model: ReturnType<typeof freshModel>): void {
  const allocation = allocationNamed("flops");
  const scores = noGrad(
    () =>
      new Map(
        [...prunableWeights(model, config.layers)].map(([path, weight]) => [
          path,
          keep(scope(() => weight.zerosLike())),
        ]),
      ),
  );
  try {
    noGrad(() => allocation.mask(scores, allocationRequest(allocation.name, config, model)).dispose());
  } finally {
    disposeAll(scores);
  }
}
