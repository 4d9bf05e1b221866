/** Evaluation mode for a while. */
import type { Module } from "./module.ts";

/**
 * Puts `model` into evaluation mode; disposing of what it gives puts back the mode it was in, whatever happened in between:
 * `using _mode = evaluationMode(model);` at the head of a block.
 */
export function evaluationMode(model: Module): Disposable {
  const { training } = model;
  model.eval();
  return { [Symbol.dispose]: () => void model.train(training) };
}
