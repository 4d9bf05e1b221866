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

/** How many images are classified correctly. */
export function countCorrect(given: PredictionInput): number {
  return withPrediction("predictions", given, ({ logits, labels }) => logits.argmax(1).eq(labels).sum().item());
}

const source = "Jia et al., NeurIPS 2023, arXiv:2304.04934, section 2";

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
