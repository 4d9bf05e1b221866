/** Cells of a grid of cleanses, made up. */
import type { BackdoorCell } from "../../../../src/record/index.ts";

/** A cell measured after each of two epochs of `steps` steps. */
export function madeUpCell(label: string, steps: number): BackdoorCell {
  const scores = { ASR: 0.9, ASRReference: 0.91, SA: 0.8 };
  const summary = { mean: 0.5, deviation: 0.1, n: 2, interval: [-0.345, 1.921] };
  const trace = [0.9, 0.6, 0.5].map((ASR, epoch) => ({ step: epoch * steps, ASR, ASRReference: ASR + 0.02, SA: 0.8 }));
  const repetition = { seed: 1, before: scores, after: { ...scores, robustAccuracy: 0.5 }, steps: 2 * steps, trace };
  return {
    attack: "badnets",
    sparsity: 0,
    label,
    ASR: summary,
    repetitions: [{ ...repetition, originalTrainLoss: 0.1 }],
  } as unknown as BackdoorCell;
}
