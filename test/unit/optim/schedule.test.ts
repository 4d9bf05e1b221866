import { describe, expect, it } from "vitest";
import { constant } from "../../../src/optim/index.ts";
import { relativeError } from "../../support/compare.ts";
import { readGoldenJson } from "../../support/golden.ts";

describe("constant", () => {
  it("stays", () => {
    const schedule = constant({ lr: 0.3 });
    expect([schedule(0, 0, 4), schedule(7, 3, 4)]).toEqual([0.3, 0.3]);
  });

  it("refuses a bad rate", () => {
    expect(() => constant({ lr: NaN })).toThrow("schedule.lr: expected a finite number >= 0, got NaN");
  });
});

describe("warm-up", () => {
  it("rises with each step and reaches the schedule's own rate in its last one", () => {
    const schedule = constant({ lr: 1, warmup: { epochs: 2 } });
    const rates = [0, 1, 2].flatMap((epoch) => [0, 1].map((step) => schedule(epoch, step, 2)));
    expect(rates).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
  });

  it("rises with each epoch where asked", () => {
    const schedule = constant({ lr: 1, warmup: { epochs: 2, per: "epoch" } });
    const rates = [0, 1, 2].flatMap((epoch) => [0, 1].map((step) => schedule(epoch, step, 2)));
    expect(rates).toEqual([0.5, 0.5, 1, 1, 1, 1]);
  });

  it.each([
    [{ epochs: -1 }, "schedule.warmup.epochs: expected an integer >= 0, got -1"],
    [{ epochs: 0.5 }, "schedule.warmup.epochs: expected an integer >= 0, got 0.5"],
    [{ epochs: 1, per: "batch" as "step" }, 'schedule.warmup.per: expected one of step, epoch, got "batch"'],
  ])("refuses %o", (warmup, message) => {
    expect(() => constant({ lr: 1, warmup })).toThrow(message);
  });
});

describe("warm-up of the reference implementation", () => {
  it("is ours towards its other rate: unlearning would ramp to its own", () => {
    interface Fixture {
      readonly args_lr: number;
      readonly unlearn_lr: number;
      readonly warmup: number;
      readonly steps_per_epoch: number;
      readonly lr_per_step: number[];
    }
    const fixture = readGoldenJson<{ warmup_steps: Fixture }>("optim/schedules.json").warmup_steps;
    const { args_lr, unlearn_lr, warmup, steps_per_epoch, lr_per_step } = fixture;
    const rates = (lr: number): number[] => {
      const schedule = constant({ lr, warmup: { epochs: warmup } });
      return lr_per_step.map((_, i) => schedule(Math.floor(i / steps_per_epoch), i % steps_per_epoch, steps_per_epoch));
    };
    expect(relativeError(rates(args_lr), lr_per_step)).toBeLessThan(1e-12);
    expect(rates(unlearn_lr).at(-1)).toBe(unlearn_lr);
  });
});
