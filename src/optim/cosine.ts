/** Half a cosine wave down. */
import { expectInteger, expectNonNegative, expectRange } from "../util/assert.ts";
import { withWarmup } from "./schedule.ts";
import type { Schedule, ScheduleOptions } from "./schedule.ts";

export interface CosineOptions extends ScheduleOptions {
  /** Epochs in all, warm-up included. */
  readonly epochs: number;
  /** What would be reached after the last epoch, 0 to `lr`; default 0. */
  readonly minLr?: number;
}

/**
 * minLr + (lr - minLr) (1 + cos(π t / T)) / 2, constant within an epoch: t epochs since the warm-up, T epochs after it.
 * As torch's CosineAnnealingLR; with a warm-up `per: "epoch"` the reference implementation's ImageNet schedule.
 * @throws CoppiceError E_ARG when the warm-up leaves no epoch
 */
export function cosine({ lr, epochs, minLr = 0, warmup }: CosineOptions): Schedule {
  expectNonNegative("cosine.lr", lr);
  expectInteger("cosine.epochs", epochs, { min: 1 });
  expectRange("cosine.minLr", minLr, 0, lr);
  const start = warmup?.epochs ?? 0;
  expectRange("cosine.warmup.epochs", start, 0, epochs, true);
  return withWarmup(lr, warmup, (epoch) => {
    const progress = Math.min(1, (epoch - start) / (epochs - start));
    return minLr + (lr - minLr) * 0.5 * (1 + Math.cos(Math.PI * progress));
  });
}
