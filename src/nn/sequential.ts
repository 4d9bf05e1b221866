/** Modules one after another. */
import type { Tensor } from "../torch/index.ts";
import { Module } from "./module.ts";

/** Applies the modules in turn; they are named `0`, `1`, … as in torch.nn.Sequential. */
export class Sequential extends Module {
  readonly #stages: readonly Module[];

  constructor(...stages: readonly Module[]) {
    super();
    this.#stages = stages.map((stage, i) => this.registerModule(String(i), stage));
  }

  override forward(input: Tensor): Tensor {
    return chain(input, this.#stages);
  }
}

/**
 * Applies the stages in turn and frees each intermediate result as soon as the next one exists (autograd keeps what
 * it needs), so that evaluating a deep model holds two activations, not all of them.
 */
export function chain(input: Tensor, stages: readonly (Module | ((x: Tensor) => Tensor))[]): Tensor {
  let current = input;
  for (const stage of stages) {
    const next = stage instanceof Module ? stage.call(current) : stage(current);
    if (current !== input && current !== next) current.dispose();
    current = next;
  }
  return current;
}
