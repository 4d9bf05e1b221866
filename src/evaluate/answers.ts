/**
 * What forgetting did to a model's answers: did they change on the forget images at all, or does the model now guess?
 *
 *   same     = share of D_f with argmax logits before = argmax logits after;      unchanged: same ≥ 0.99
 *   guesses: neither RA nor TA can be told from 1/K, the accuracy of guessing, or one class is the answer to 99 % of D_r and the test images together
 *
 * Symbols    K classes among the labels of D_r, two or more
 * Reasoning  A share cannot be told from 1/K if its 95 % interval reaches down to it; a share nearer to 1 than to 1/K is no guess, however few images
 *            it was counted on. Of data of which one class is 95 % or more, the one answer says nothing.
 * Source     none: the bounds are this project's
 * Reference  none
 * Differs    nothing is published to differ from
 */
import type { Metric } from "../record/index.ts";
import { type Tensor } from "../torch/index.ts";
import { retainAccuracy, testAccuracy } from "./accuracy.ts";
import { countImages, type PredictionInput, withPrediction } from "./plain-prediction.ts";

/** Answers alike on that share of the forget images count as unchanged. */
const UNCHANGED = 0.99;
/** One class that is the answer to that share of images is all that the model says. */
const COLLAPSED = 0.99;
/** Labels of which one class is that share cannot show it. */
const ONE_CLASS = 0.95;

/** What a model says of images that it should still know. */
export interface Guessing {
  /** Whether the model cannot be told from one that guesses. */
  readonly guesses: boolean;
  /** 1/K: accuracy of guessing, 0 to 1. */
  readonly chance: number;
  /** Share of the retained and test images that get the commonest answer, 0 to 1. */
  readonly commonest: number;
}

/**
 * Whether a model guesses.
 * @throws CoppiceError E_SHAPE or E_ARG for predictions that cannot be used
 * @example
 * import { guessing } from "coppice/evaluate";
 *
 * const images = { logits: [[1, 0], [1, 0], [1, 0], [1, 0]], labels: [0, 1, 0, 1] };
 * console.log(guessing({ retain: images, test: images })); // { guesses: true, chance: 0.5, commonest: 1 }
 */
export function guessing(said: { readonly retain: PredictionInput; readonly test: PredictionInput }): Guessing {
  const [retain, test] = [countsIn("retain", said.retain), countsIn("test", said.test)];
  const total = countImages(said.retain) + countImages(said.test);
  const sums = (kind: "answers" | "labels"): number[] => retain[kind].map((n, label) => n + (test[kind][label] ?? 0));
  const commonest = Math.max(...sums("answers")) / total;
  const numClasses = retain.labels.filter((n) => n > 0).length;
  const chance = 1 / numClasses;
  const collapsed = commonest >= COLLAPSED && Math.max(...sums("labels")) / total < ONE_CLASS;
  const accuracies = [retainAccuracy.measure(said.retain), testAccuracy.measure(said.test)];
  const guesses = numClasses > 1 && (collapsed || accuracies.every((accuracy) => isLikeChance(accuracy, chance)));
  return { guesses, chance, commonest };
}

function isLikeChance({ value, interval: [low] }: Metric, chance: number): boolean {
  return low <= chance && value <= (1 + chance) / 2;
}

/** Images by answer and by label, [K] each. */
function countsIn(name: string, given: PredictionInput): { readonly answers: number[]; readonly labels: number[] } {
  return withPrediction(name, given, ({ logits, labels }) => {
    const counts = (of: Tensor): number[] => of.bincount(null, logits.shape[1] ?? 0).toArray();
    return { answers: counts(logits.argmax(1)), labels: counts(labels) };
  });
}

/**
 * Share of the images that two models answer alike, 0 to 1.
 * @param before and `after`: of the same images in the same order
 * @example
 * import { sameAnswers } from "coppice/evaluate";
 *
 * const before = { logits: [[2, 1], [0, 3]], labels: [0, 1] };
 * const after = { logits: [[2, 1], [3, 0]], labels: [0, 1] };
 * console.log(sameAnswers(before, after)); // 0.5
 */
export function sameAnswers(before: PredictionInput, after: PredictionInput): number {
  return withPrediction("before", before, (first) =>
    withPrediction("after", after, ({ logits }) =>
      logits.argmax(1).eq(first.logits.argmax(1)).to("float64").mean().item(),
    ),
  );
}

/** In one word. @param same of the forget images; undefined where there is no model before */
export function answersOf(
  { guesses }: Guessing,
  same: number | undefined,
): "unchanged" | "changed" | "guesses" | "not compared" {
  if (guesses) return "guesses";
  if (same === undefined) return "not compared";
  return same >= UNCHANGED ? "unchanged" : "changed";
}
