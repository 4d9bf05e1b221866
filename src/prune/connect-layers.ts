/**
 * A mask in which no layer is empty: a layer that would lose all weights keeps the one of largest score, and the layer with the most weights
 * loses one more instead. A layer without weights passes on neither activations nor gradients.
 *
 * Source     Tanaka et al., NeurIPS 2020, arXiv:2006.05467, section 2, on layer collapse
 * Reference  none known
 * Differs    they avoid collapse by their scores; this works with any scores and any allocation
 */
import { scope, type Tensor } from "../torch/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { keepLargest } from "./allocation.ts";
import type { Mask } from "./mask.ts";

/** @throws CoppiceError E_ARG when there are fewer weights left than layers */
export function connectLayers(mask: Mask, scores: ReadonlyMap<string, Tensor>): Mask {
  const counts = mask.layers.map(({ nonzero }) => nonzero);
  if (!counts.includes(0)) return mask;
  expectOneEach(mask.nonzero, counts.length);
  while (counts.includes(0)) {
    const most = counts.indexOf(Math.max(...counts));
    counts[most] = (counts[most] ?? 0) - 1;
    counts[counts.indexOf(0)] = 1;
  }
  return scope(() => keepLargest(scores, counts));
}

/** @param left weights in all @throws CoppiceError E_ARG when they are fewer than the layers */
export function expectOneEach(left: number, layers: number): void {
  if (left >= layers) return;
  throw new CoppiceError(
    "E_ARG",
    `sparsity: expected at least one weight left for each of ${layers} layers, got ${left} in all`,
    { hint: "lower --sparsity, or leave --keep-connected out" },
  );
}
