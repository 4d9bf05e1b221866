/** What a pruner is: a name, and a score for every prunable weight. */
import type { Batch } from "../data/batches.ts";
import type { Model } from "../models/index.ts";
import type { Generator, Tensor } from "../torch/index.ts";
import { expectChoice } from "../util/assert.ts";
import { checkDefinition, markKind } from "../util/definition.ts";
import type { LayerKinds } from "./prunable.ts";

/** What a pruner may look at. */
export interface PrunerContext {
  /** With the weights the pruner asks for. It is left as it was. */
  readonly model: Model;
  /** That many training images of every class, or all where there are fewer, class by class. Call it in a scope. */
  readonly images: (perClass: number) => Batch;
  readonly generator: Generator;
  /** Which layers it prunes; default convolutions. */
  readonly layers?: LayerKinds | undefined;
}

export interface Pruner {
  /** Name in the registry and on the command line. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly source: string;
  /** Whether it scores the trained weights, or those before training. */
  readonly weights: "trained" | "initial";
  /** In how many steps it prunes, without training in between; each step scores what the last has left. Default 1. */
  readonly steps?: number;
  /** It prunes in rounds, with training in between: the share of the remaining weights that a round removes, in (0, 1). Absent: it prunes once. */
  readonly roundRate?: number;
  /** One score an entry of each prunable weight, of its shape: the smallest are removed first. The caller owns the tensors. */
  score(context: PrunerContext): Map<string, Tensor>;
}

/**
 * A pruner of your own: a score for each entry of each prunable weight.
 * @throws CoppiceError E_ARG for a pruner that lacks something
 * @example
 * import { definePruner } from "coppice";
 * import { prunableWeights } from "coppice/prune";
 *
 * const largestFirst = definePruner({
 *   name: "largest-first",
 *   title: "Largest first",
 *   description: "removes the largest weights",
 *   source: "an example",
 *   weights: "trained",
 *   score: ({ model, layers }) =>
 *     new Map([...prunableWeights(model, layers)].map(([name, weight]) => [name, weight.detach().abs().neg()])),
 * });
 * console.log(largestFirst.name);
 */
export function definePruner(pruner: Pruner): Pruner {
  checkPruner(pruner);
  return markKind("pruner", pruner);
}

/** @throws CoppiceError E_ARG for a pruner that lacks something */
export function checkPruner(pruner: Pruner): void {
  checkDefinition("pruner", pruner, { title: "text", description: "text", source: "text", score: "function" });
  expectChoice(`pruner ${pruner.name}: weights`, String(pruner.weights), ["trained", "initial"]);
}
