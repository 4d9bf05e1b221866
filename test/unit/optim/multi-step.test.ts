import { describe, expect, it } from "vitest";
import { multiStep } from "../../../src/optim/index.ts";
import { relativeError } from "../../support/compare.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { readOptimFixture } from "../../support/trajectory.ts";

describe("multiStep", () => {
  it("equals PyTorch's", () => {
    const expected = readOptimFixture<Record<string, number[]>>("schedules.json")["multi-step"] ?? [];
    const schedule = multiStep({ lr: 0.2, milestones: [2, 5], gamma: 0.3 });
    const rates = expected.map((_, epoch) => schedule(epoch, 0, 10));
    expect(relativeError(rates, expected)).toBeLessThan(1e-12);
  });

  it("warms up first; milestones count from the start", () => {
    const schedule = multiStep({ lr: 1, milestones: [1, 3], warmup: { epochs: 2 } });
    const rates = [0, 1, 2, 3].map((epoch) => schedule(epoch, 1, 2));
    expect(rates).toEqual([0.5, 1, expect.closeTo(0.1, 12), expect.closeTo(0.01, 12)]);
  });

  it.each([
    [{ lr: -1 }, "multiStep.lr: expected a finite number >= 0, got -1"],
    [{ gamma: NaN }, "multiStep.gamma: expected a finite number >= 0, got NaN"],
    [{ milestones: [3, -1] }, "multiStep.milestones: expected an integer >= 0, got -1"],
  ])("refuses %o", (change, message) => {
    expect(() => multiStep({ lr: 1, milestones: [3], ...change })).toThrow(message);
  });
});

describe("multiStep of the reference implementation", () => {
  interface Fixture {
    readonly settings: { lr?: number; unlearn_lr?: number; decreasing_lr: string; rewind_epoch?: number };
    readonly lr_per_epoch: number[];
  }
  const { schedules } = readGoldenJson<{ schedules: Record<string, Fixture> }>("optim/schedules.json");

  it.each(["multistep_default_182", "multistep_short", "multistep_rewind"])("%s", (name) => {
    const { settings, lr_per_epoch = [] } = schedules[name] ?? { settings: { decreasing_lr: "" } };
    const { decreasing_lr, rewind_epoch: first = 0 } = settings;
    const milestones = decreasing_lr.split(",").map(Number);
    const schedule = multiStep({ lr: settings.unlearn_lr ?? settings.lr ?? NaN, milestones });
    expect(lr_per_epoch.length).toBeGreaterThan(0);
    expect(
      relativeError(
        lr_per_epoch.map((_, i) => schedule(first + i, 0, 1)),
        lr_per_epoch,
      ),
    ).toBeLessThan(1e-12);
  });
});
