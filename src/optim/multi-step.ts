/** Steps down at given epochs. */
import { expectInteger, expectNonNegative } from "../util/assert.ts";
import { withWarmup } from "./schedule.ts";
import type { Schedule, ScheduleOptions } from "./schedule.ts";

export interface MultiStepOptions extends ScheduleOptions {
  /** Epochs, counted from 0 and from the start of the warm-up, from which on the rate is multiplied by `gamma` once more. */
  readonly milestones: readonly number[];
  /** ≥ 0, default 0.1. */
  readonly gamma?: number;
}

/** lr · gamma^(number of milestones ≤ epoch), as torch's MultiStepLR. */
export function multiStep({ lr, milestones, gamma = 0.1, warmup }: MultiStepOptions): Schedule {
  expectNonNegative("multiStep.lr", lr);
  expectNonNegative("multiStep.gamma", gamma);
  for (const milestone of milestones) expectInteger("multiStep.milestones", milestone, { min: 0 });
  const passed = (epoch: number): number => milestones.filter((milestone) => milestone <= epoch).length;
  return withWarmup(lr, warmup, (epoch) => lr * gamma ** passed(epoch));
}
