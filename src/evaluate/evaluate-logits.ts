/** The evaluation of one model: from its logits on forget, retained and test images to what `evaluation.json` records. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Metric } from "../record/index.ts";
import type { Prediction } from "../train/index.ts";
import { retainAccuracy, testAccuracy, unlearningAccuracy } from "./accuracy.ts";
import { type MembershipAttackName, membershipAttackNames } from "./membership-features.ts";
import { cautionsFor, type EvaluatedPredictions } from "./cautions.ts";
import { membershipEfficacy } from "./membership-efficacy.ts";
import type { EvaluationMetrics } from "./oracle-gap.ts";
import { type PredictionInput, toPrediction } from "./plain-prediction.ts";
import { checkPrediction } from "./predictions.ts";
import { runTime } from "./run-time.ts";

export interface EvaluationInput extends EvaluatedPredictions {
  /** Wall seconds of the unlearning stage, ≥ 0. */
  readonly seconds: number;
}

export interface EvaluateOptions {
  /** Membership attacks done so far: they take nearly all of the time. */
  readonly onProgress?: (done: number, count: number) => void;
  readonly signal?: AbortSignal;
}

export interface Evaluation {
  readonly metrics: EvaluationMetrics;
  /** What a reader must know before trusting them. */
  readonly notes: readonly string[];
}

/**
 * UA, RA, TA, the five membership attacks and RTE, of anyone's model: from arrays, or from logits float32 or float64 [N, K] and labels int64 [N] on the
 * CPU. All images with the test transform, no augmentation, the retained images in ascending order of their indices.
 *
 * @throws CoppiceError E_SHAPE or E_ARG naming the set whose predictions cannot be used; E_NATIVE when an attack cannot be solved
 * @example
 * import { evaluateLogits } from "coppice/evaluate";
 *
 * const forget = { logits: [[0.2, 0.1], [1.5, 0.3]], labels: [0, 1] };
 * const retain = { logits: [[4, -4], [-3, 3], [5, -5], [-4, 4]], labels: [0, 1, 0, 1] };
 * const test = { logits: [[1, 0.5], [0.1, 0.4], [-1, 2]], labels: [0, 1, 1] };
 * const { metrics } = await evaluateLogits({ forget, retain, test, seconds: 12 });
 * console.log(metrics.UA.value); // 0.5: one of the two forget images is classified wrongly
 */
export async function evaluateLogits(input: EvaluationInput, options: EvaluateOptions = {}): Promise<Evaluation> {
  const made: Prediction[] = [];
  const tensorsOf = (name: "forget" | "retain" | "test"): Prediction => {
    const given: PredictionInput = input[name];
    const prediction = toPrediction(name, given);
    if (prediction !== given) made.push(prediction);
    checkPrediction(name, prediction);
    return prediction;
  };
  try {
    const tensors = { forget: tensorsOf("forget"), retain: tensorsOf("retain"), test: tensorsOf("test") };
    return await evaluate({ ...tensors, seconds: input.seconds }, options);
  } finally {
    for (const { logits, labels } of made) {
      logits.dispose();
      labels.dispose();
    }
  }
}

async function evaluate(
  input: { readonly [Name in keyof EvaluatedPredictions]: Prediction } & Pick<EvaluationInput, "seconds">,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const { forget, retain, test, seconds } = input;
  const time = runTime.measure(seconds);
  const attacked = new Map<MembershipAttackName, Metric>();
  for (const attack of membershipAttackNames) {
    await nextTurn();
    options.signal?.throwIfAborted();
    attacked.set(attack, membershipEfficacy.measure({ attack, forget, retain, test }));
    options.onProgress?.(attacked.size, membershipAttackNames.length);
  }
  const metrics = {
    UA: unlearningAccuracy.measure(forget),
    RA: retainAccuracy.measure(retain),
    TA: testAccuracy.measure(test),
    MIA: Object.fromEntries(attacked) as EvaluationMetrics["MIA"],
    RTE: time,
  };
  return { metrics, notes: cautionsFor(input) };
}
