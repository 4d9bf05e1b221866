/** What a pruner is: a name, and a score for every prunable weight. */
import type { Module } from "../nn/index.ts";
import type { Tensor } from "../torch/index.ts";

export interface Pruner {
  /** Name in the registry and on the command line. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly source: string;
  /** One score an entry of each prunable weight, of its shape: the smallest are removed first. The caller owns the tensors. */
  score(model: Module): Map<string, Tensor>;
}

export function definePruner(pruner: Pruner): Pruner {
  return pruner;
}
