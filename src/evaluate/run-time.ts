/**
 * Run-time efficiency: how long the unlearning took.
 *
 *   RTE = wall-clock seconds of the unlearning stage, evaluation and loading left out
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, section 2
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d prints seconds per epoch; the paper's minutes are their sum
 * Differs    seconds; one number for the whole stage
 */
import { expectNonNegative } from "../util/assert.ts";
import { defineMetric } from "./metric.ts";

export const runTime = defineMetric({
  name: "RTE",
  title: "Run-time efficiency",
  direction: "lower",
  unit: "seconds",
  description: "wall-clock seconds of the unlearning stage",
  source: "Jia et al., NeurIPS 2023, arXiv:2304.04934, section 2",
  measure(seconds: number) {
    expectNonNegative("RTE.seconds", seconds);
    return { seconds };
  },
});
