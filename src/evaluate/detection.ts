/**
 * How a list of suspects agrees with the truth.
 *
 *   precision = |suspects ∩ poisoned| / |suspects|,     recall = |suspects ∩ poisoned| / |poisoned|
 *
 * Source     van Rijsbergen, Information Retrieval, 1979
 * Reference  sklearn.metrics.precision_score, recall_score
 * Differs    adds Clopper-Pearson intervals; refuses empty lists instead of giving 0
 */
import type { DetectionScores } from "../record/cleanse.ts";
import { proportion } from "./proportion.ts";

/**
 * @param suspects at least one index, each once
 * @param poisoned likewise, the truth
 * @throws CoppiceError E_ARG when either is empty
 * @example
 * import { detectionScores } from "coppice/evaluate";
 *
 * const { found, precision, recall } = detectionScores([3, 5, 8], [5, 8, 9, 11]);
 * console.log(found, precision.value, recall.value); // 2, 2/3, 1/2
 */
export function detectionScores(suspects: readonly number[], poisoned: readonly number[]): DetectionScores {
  const truth = new Set(poisoned);
  const found = suspects.filter((index) => truth.has(index)).length;
  return {
    poisoned: poisoned.length,
    found,
    precision: proportion(found, suspects.length, "higher"),
    recall: proportion(found, poisoned.length, "higher"),
  };
}
