/**
 * Accuracy on the forget, retained and test images.
 *
 *   UA = 1 - acc(D_f),   RA = acc(D_r),   TA = acc(test),     acc(D) = share of D with argmax_c logit_c = label
 *
 * Shapes     N images · K classes
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, section 2 (evaluation metrics)
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d main_forget.py, trainer/val.py
 * Differs    fractions, not percent; UA directly (there `accuracy["forget"]` is the accuracy). All three with the test transform,
 *            also for ImageNet, where the reference leaves the random crops of training on
 */
import { defineMetric } from "./metric.ts";
import { countImages, type PredictionInput, withPrediction } from "./plain-prediction.ts";
import { proportion } from "./proportion.ts";

/**
 * How many images are classified correctly.
 * @example
 * import { countCorrect } from "coppice/evaluate";
 *
 * console.log(countCorrect({ logits: [[2, 1], [3, 0]], labels: [0, 1] })); // 1
 */
export function countCorrect(given: PredictionInput): number {
  return withPrediction("predictions", given, ({ logits, labels }) => logits.argmax(1).eq(labels).sum().item());
}

const source = "Jia et al., NeurIPS 2023, arXiv:2304.04934, section 2";

/**
 * UA: share of the forget images that are classified wrongly.
 * @example
 * import { unlearningAccuracy } from "coppice/evaluate";
 *
 * const forget = { logits: [[2, 1], [3, 0]], labels: [1, 0] };
 * console.log(unlearningAccuracy.measure(forget).value); // 0.5: one of two is wrong
 */
export const unlearningAccuracy = defineMetric({
  name: "UA",
  title: "Unlearning accuracy",
  direction: "match-oracle",
  unit: "fraction",
  description: "share of the forget images the model gets wrong",
  source,
  measure(forget: PredictionInput) {
    const count = countImages(forget);
    return proportion(count - countCorrect(forget), count, this.direction);
  },
});

/**
 * RA: share of the retained images that are classified correctly.
 * @example
 * import { retainAccuracy } from "coppice/evaluate";
 *
 * const retain = { logits: [[2, 1], [3, 0]], labels: [0, 0] };
 * console.log(retainAccuracy.measure(retain).interval); // 95 % interval of the share, by the number of images
 */
export const retainAccuracy = defineMetric({
  name: "RA",
  title: "Retain accuracy",
  direction: "higher",
  unit: "fraction",
  description: "share of the retained images the model gets right",
  source,
  measure(retain: PredictionInput) {
    return proportion(countCorrect(retain), countImages(retain), this.direction);
  },
});

/**
 * TA: share of the test images that are classified correctly.
 * @example
 * import { testAccuracy } from "coppice/evaluate";
 *
 * const test = { logits: { data: Float32Array.of(2, 1, 3, 0), shape: [2, 2] as const }, labels: [0, 1] };
 * console.log(testAccuracy.measure(test).value); // 0.5
 */
export const testAccuracy = defineMetric({
  name: "TA",
  title: "Test accuracy",
  direction: "higher",
  unit: "fraction",
  description:
    "share of the test images the model gets right; without the forgotten classes where whole classes are forgotten",
  source,
  measure(test: PredictionInput) {
    return proportion(countCorrect(test), countImages(test), this.direction);
  },
});
