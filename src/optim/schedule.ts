/**
 * Learning rate schedules: pure functions of the position in training, so that a resumed run needs no state of theirs.
 *
 * Warm-up ramps the schedule's own learning rate up linearly. The reference implementation ramps to the rate of the
 * original training even when unlearning with another one, and stays there; that is the schedule `{ lr }` of that rate,
 * not a special case here.
 */
import { expectChoice, expectInteger, expectNonNegative } from "../util/assert.ts";

/** @param epoch from 0 @param step within the epoch, from 0 @returns the learning rate of that step */
export type Schedule = (epoch: number, step: number, stepsPerEpoch: number) => number;

export interface Warmup {
  /** Length, ≥ 0; 0 is none. */
  readonly epochs: number;
  /**
   * `step` (default): lr · k / n in the k-th of the n warm-up steps. `epoch`: lr · (epoch + 1) / epochs, constant
   * within an epoch.
   */
  readonly per?: "step" | "epoch";
}

export interface ScheduleOptions {
  /** ≥ 0; reached at the end of the warm-up. */
  readonly lr: number;
  readonly warmup?: Warmup;
}

/** Always `lr`, after the warm-up. */
export function constant({ lr, warmup }: ScheduleOptions): Schedule {
  expectNonNegative("schedule.lr", lr);
  return withWarmup(lr, warmup, () => lr);
}

/** `schedule`, but during the warm-up a linear ramp up to `lr`. @throws CoppiceError E_ARG for a bad warm-up */
export function withWarmup(lr: number, warmup: Warmup | undefined, schedule: Schedule): Schedule {
  const { epochs, per = "step" } = warmup ?? { epochs: 0 };
  expectInteger("schedule.warmup.epochs", epochs, { min: 0 });
  expectChoice("schedule.warmup.per", per, ["step", "epoch"]);
  return (epoch, step, stepsPerEpoch) => {
    if (epoch >= epochs) return schedule(epoch, step, stepsPerEpoch);
    const done = per === "epoch" ? epoch + 1 : epoch + (step + 1) / stepsPerEpoch;
    return (lr * done) / epochs;
  };
}
