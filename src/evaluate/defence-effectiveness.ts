/**
 * What a defence is worth: how much of the attack it takes away, less what it costs on clean images.
 *
 *   DER = [max(0, ASR_before - ASR_after) - max(0, SA_before - SA_after) + 1] / 2
 *
 * Symbols    ASR attack success rate · SA accuracy on clean test images; 0.5: nothing gained, 1: all of the attack gone at no cost
 * Source     Zhu et al., "Enhancing Fine-Tuning Based Backdoor Defense with Sharpness-Aware Minimization", ICCV 2023, arXiv:2304.11823
 * Reference  the formula as printed there
 * Differs    adds an interval: the least and the most that the four shares allow when each lies in its Clopper-Pearson interval of
 *            confidence 1 - 0.05 / 4, so that all four hold together in at least 95 % of samples (Bonferroni). It is wide: that
 *            before and after are measured on the same images is not used
 */
import type { Metric } from "../record/index.ts";
import { clopperPearson } from "../statistics/clopper-pearson.ts";
import { defineMetric, type MetricDefinition } from "./metric.ts";

/** Attack success rate and clean accuracy of one model. */
export interface Defended {
  readonly ASR: Metric;
  readonly SA: Metric;
}

export interface DefenceEffectiveness {
  /** 0 to 1. */
  readonly value: number;
  readonly interval: [lower: number, upper: number];
}

const SHARES = 4;
const CONFIDENCE = 1 - 0.05 / SHARES;

/**
 * DER: what a defence takes of the attack, less what it costs in clean accuracy.
 * @example
 * import { attackSuccess, defenceEffectiveness, testAccuracy } from "coppice/evaluate";
 *
 * const clean = { logits: [[5, 0], [0, 5]], labels: [0, 1] };
 * const SA = testAccuracy.measure(clean);
 * const ASR = (logits: number[][]) => attackSuccess.measure({ triggered: { logits, labels: [1, 1] }, target: 0 });
 * const before = { SA, ASR: ASR([[5, 0], [5, 0]]) };
 * const after = { SA, ASR: ASR([[0, 5], [0, 5]]) };
 * console.log(defenceEffectiveness.measure({ before, after }).value); // 1: all of the attack gone at no cost
 */
export const defenceEffectiveness: MetricDefinition<
  { readonly before: Defended; readonly after: Defended },
  DefenceEffectiveness
> = defineMetric({
  name: "DER",
  title: "Defence effectiveness rating",
  direction: "higher",
  unit: "fraction",
  description: "fall of the attack success rate less the fall of the clean accuracy, 0.5 for no gain",
  source: "Zhu et al., ICCV 2023, arXiv:2304.11823",
  measure({ before, after }) {
    const [attack, attackAfter] = [widened(before.ASR), widened(after.ASR)];
    const [clean, cleanAfter] = [widened(before.SA), widened(after.SA)];
    return {
      value: rating(before.ASR.value - after.ASR.value, before.SA.value - after.SA.value),
      interval: [
        rating(attack.low - attackAfter.high, clean.high - cleanAfter.low),
        rating(attack.high - attackAfter.low, clean.low - cleanAfter.high),
      ],
    };
  },
});

function rating(attackFall: number, accuracyFall: number): number {
  return (Math.max(0, attackFall) - Math.max(0, accuracyFall) + 1) / 2;
}

function widened({ value, count }: Metric): { readonly low: number; readonly high: number } {
  const [low, high] = clopperPearson(Math.round(value * count), count, CONFIDENCE);
  return { low, high };
}
