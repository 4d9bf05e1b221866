/** The audit of one model: from its logits on forget, retained and test images to what `evaluation.json` records. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Metric } from "../record/index.ts";
import { retainAccuracy, testAccuracy, unlearningAccuracy } from "./accuracy.ts";
import { type AttackName, attackNames } from "./attack-features.ts";
import { cautionsFor, type EvaluatedPredictions } from "./cautions.ts";
import { membershipEfficacy } from "./membership-efficacy.ts";
import type { EvaluationMetrics } from "./oracle-gap.ts";
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
 * UA, RA, TA, the five membership attacks and RTE. All images with the test transform, no augmentation; logits float32 or float64
 * [N, K] and labels int64 [N] on the CPU, the retained images in ascending order of their indices.
 *
 * @throws CoppiceError E_SHAPE or E_ARG naming the set whose predictions cannot be used; E_NATIVE when an attack cannot be solved
 */
export async function evaluateLogits(input: EvaluationInput, options: EvaluateOptions = {}): Promise<Evaluation> {
  const { forget, retain, test, seconds } = input;
  checkPrediction("forget", forget);
  checkPrediction("retain", retain);
  checkPrediction("test", test);
  const time = runTime.measure(seconds);

  const attacked = new Map<AttackName, Metric>();
  for (const attack of attackNames) {
    await nextTurn();
    options.signal?.throwIfAborted();
    attacked.set(attack, membershipEfficacy.measure({ attack, forget, retain, test }));
    options.onProgress?.(attacked.size, attackNames.length);
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
