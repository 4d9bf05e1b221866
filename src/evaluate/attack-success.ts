/**
 * How often a trigger works, and how often the model is right in spite of it.
 *
 *   ASR            = share of triggered images of other classes that are classified as the target
 *   ASR, reference = share of all triggered images that are classified as the target, those of the target class included
 *   robust accuracy = share of triggered images of other classes that are classified as their true class
 *
 * Shapes     N triggered images · K classes
 * Source     Gu et al. 2017, arXiv:1708.06733; Wu et al., BackdoorBench, NeurIPS 2022, arXiv:2206.12654, section 4 (ASR, R-ACC)
 * Reference  SCLBD/BackdoorBench utils/backdoor_generate_poison_index.py (test images of the target class are left out);
 *            OPTML-Group/Unlearn-Sparse@80ba55d main_backdoor.py (they are counted: a clean model starts near 1 / K)
 * Differs    fractions, not percent
 */
import type { Metric } from "../record/index.ts";
import type { Prediction } from "../train/index.ts";
import { expectInteger } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { defineMetric, type MetricDefinition } from "./metric.ts";
import { type PredictionInput, withPrediction } from "./plain-prediction.ts";
import { checkPrediction } from "./predictions.ts";
import { proportion } from "./proportion.ts";

/** What a model says of triggered images. */
export interface TriggeredPrediction {
  /** Logits of the triggered images, with their true labels. */
  readonly triggered: PredictionInput;
  /** Class that the trigger stands for. */
  readonly target: number;
}

const source = "Gu et al. 2017, arXiv:1708.06733";

/**
 * ASR: how often the trigger works, on images of other classes than the target.
 * @example
 * import { attackSuccess } from "coppice/evaluate";
 *
 * const triggered = { logits: [[5, 0, 0], [5, 0, 0], [0, 0, 5]], labels: [0, 1, 2] };
 * console.log(attackSuccess.measure({ triggered, target: 0 }).value); // 0.5: one of the two images of other classes
 */
export const attackSuccess: MetricDefinition<TriggeredPrediction, Metric> = defineMetric({
  name: "ASR",
  title: "Attack success rate",
  direction: "lower",
  unit: "fraction",
  description: "share of the triggered test images of other classes that the model classifies as the target class",
  source,
  measure({ triggered, target }: TriggeredPrediction) {
    const { taken, others } = countsOf(triggered, target);
    return proportion(taken, others, this.direction);
  },
});

/**
 * ASR as the reference implementation counts: on all triggered images.
 * @example
 * import { attackSuccessReference } from "coppice/evaluate";
 *
 * const triggered = { logits: [[5, 0, 0], [5, 0, 0], [0, 0, 5]], labels: [0, 1, 2] };
 * console.log(attackSuccessReference.measure({ triggered, target: 0 }).count); // 3: images of the target class count too
 */
export const attackSuccessReference: MetricDefinition<TriggeredPrediction, Metric> = defineMetric({
  name: "ASR-reference",
  title: "Attack success rate as in the reference implementation",
  direction: "lower",
  unit: "fraction",
  description: "likewise of all triggered test images, those of the target class included",
  source: "OPTML-Group/Unlearn-Sparse main_backdoor.py",
  measure({ triggered, target }: TriggeredPrediction) {
    const { takenOfAll, all } = countsOf(triggered, target);
    return proportion(takenOfAll, all, this.direction);
  },
});

/**
 * How often the model is right in spite of the trigger, on images of other classes than the target.
 * @example
 * import { robustAccuracy } from "coppice/evaluate";
 *
 * const triggered = { logits: [[5, 0, 0], [5, 0, 0], [0, 0, 5]], labels: [0, 1, 2] };
 * console.log(robustAccuracy.measure({ triggered, target: 0 }).value); // 0.5: the image of class 2 is right in spite of the trigger
 */
export const robustAccuracy: MetricDefinition<TriggeredPrediction, Metric> = defineMetric({
  name: "robust-accuracy",
  title: "Robust accuracy",
  direction: "higher",
  unit: "fraction",
  description: "share of the triggered test images of other classes that the model gets right",
  source: "Wu et al., NeurIPS 2022, arXiv:2206.12654",
  measure({ triggered, target }: TriggeredPrediction) {
    const { right, others } = countsOf(triggered, target);
    return proportion(right, others, this.direction);
  },
});

interface Counts {
  readonly all: number;
  /** Of other classes than the target. */
  readonly others: number;
  /** Of the others, classified as the target, and as what they are. */
  readonly taken: number;
  readonly right: number;
  readonly takenOfAll: number;
}

/** @throws CoppiceError E_ARG for a target that is no class, or when every image is of the target class */
function countsOf(triggered: PredictionInput, target: number): Counts {
  const counts = withPrediction("triggered", triggered, (prediction) => count(prediction, target));
  if (counts.others > 0) return counts;
  throw new CoppiceError("E_ARG", `triggered: expected images of other classes than the target ${target}, got none`);
}

function count(triggered: Prediction, target: number): Counts {
  checkPrediction("triggered", triggered);
  const { logits, labels } = triggered;
  const [all = 0, numClasses = 0] = logits.shape;
  expectInteger("target", target, { min: 0, max: numClasses - 1 });
  const predicted = logits.argmax(1);
  const other = labels.ne(target);
  const hit = predicted.eq(target);
  return {
    all,
    others: other.sum().item(),
    taken: hit.logicalAnd(other).sum().item(),
    right: predicted.eq(labels).logicalAnd(other).sum().item(),
    takenOfAll: hit.sum().item(),
  };
}
