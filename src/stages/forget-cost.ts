/**
 * What a method will cost beside Retrain, before it starts: from what the original took for an image and step, without measuring anything.
 *
 *   s = seconds of the original / (its epochs · |D|),    method: s · epochs · (|D_r| + |D_f|, as far as it is given them),    Retrain: s · epochs of the original · |D_r|
 *
 * A method that does more with an image than a training step, as a teacher beside it, takes longer than this.
 */
import type { SplitManifest } from "../record/split.ts";
import type { Method, OptionValues } from "../unlearn/index.ts";
import type { Parent } from "./parent.ts";

export interface ForgetCost {
  /** Epochs of the method, and of Retrain. */
  readonly epochs: number;
  readonly retrainEpochs: number;
  /** Estimated wall seconds. */
  readonly seconds: number;
  readonly retrainSeconds: number;
}

/** Undefined where there is nothing to go by: of Retrain itself, of a method without epochs, and from an original that was not trained. */
export function estimateCost(
  { name, needs }: Pick<Method, "name" | "needs">,
  { epochs }: OptionValues,
  {
    parent,
    split,
  }: { readonly parent: Pick<Parent, "record" | "original">; readonly split: Pick<SplitManifest, "indices"> },
): ForgetCost | undefined {
  const { result } = parent.record;
  const { forget, retain, train } = split.indices;
  if (name === "retrain" || needs.start !== "original" || typeof epochs !== "number" || result.epochs === 0)
    return undefined;
  const secondsPerImage = result.seconds / (result.epochs * train.length);
  const images = (needs.retain ? retain.length : 0) + (needs.forget ? forget.length : 0);
  const retrainEpochs = parent.original.recipe.epochs;
  return {
    epochs,
    retrainEpochs,
    seconds: secondsPerImage * epochs * images,
    retrainSeconds: secondsPerImage * retrainEpochs * retain.length,
  };
}

/** For the log. */
export function costLine(method: string, { epochs, retrainEpochs, seconds, retrainSeconds }: ForgetCost): string {
  return `estimated from the original's training: ${about(seconds)} for ${method} (${counted(epochs)}), ${about(retrainSeconds)} for Retrain (${counted(retrainEpochs)})`;
}

/** Why the method is not worth it; undefined where it is cheaper than Retrain. */
export function costCaution(method: string, cost: ForgetCost | undefined): string | undefined {
  if (cost === undefined || cost.seconds <= cost.retrainSeconds) return undefined;
  const { epochs, retrainEpochs, seconds, retrainSeconds } = cost;
  return `${method} for ${counted(epochs)} costs more than Retrain for ${counted(retrainEpochs)}, about ${(seconds / retrainSeconds).toFixed(1)} times as much: Retrain forgets exactly, and --epochs makes ${method} cheaper.`;
}

function counted(epochs: number): string {
  return `${epochs} ${epochs === 1 ? "epoch" : "epochs"}`;
}

function about(seconds: number): string {
  if (seconds < 10) return `about ${seconds.toFixed(1)} s`;
  return seconds < 120 ? `about ${Math.round(seconds)} s` : `about ${Math.round(seconds / 60)} min`;
}
