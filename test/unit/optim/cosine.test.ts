import { describe, expect, it } from "vitest";
import { cosine } from "../../../src/optim/index.ts";
import { relativeError } from "../../support/compare.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { readOptimFixture } from "../../support/trajectory.ts";

describe("cosine", () => {
  it("equals PyTorch's", () => {
    const expected = readOptimFixture<Record<string, number[]>>("schedules.json")["cosine"] ?? [];
    const schedule = cosine({ lr: 0.2, epochs: 9, minLr: 0.01 });
    const rates = expected.map((_, epoch) => schedule(epoch, 3, 10));
    expect(relativeError(rates, expected)).toBeLessThan(1e-12);
  });

  it("spans the epochs that the warm-up leaves, and stays low after them", () => {
    const schedule = cosine({ lr: 1, epochs: 4, warmup: { epochs: 2 } });
    const rates = [1, 2, 3, 4, 9].map((epoch) => schedule(epoch, 0, 1));
    expect(rates).toEqual([1, 1, 0.5, 0, 0].map((rate) => expect.closeTo(rate, 12)));
  });

  it.each([
    [{ lr: NaN }, "cosine.lr: expected a finite number >= 0, got NaN"],
    [{ epochs: 0 }, "cosine.epochs: expected an integer >= 1, got 0"],
    [{ minLr: 2 }, "cosine.minLr: expected a number in [0, 1], got 2"],
    [{ warmup: { epochs: 5 } }, "cosine.warmup.epochs: expected a number in [0, 5), got 5"],
  ])("refuses %o", (change, message) => {
    expect(() => cosine({ lr: 1, epochs: 5, ...change })).toThrow(message);
  });
});

describe("cosine of the reference implementation", () => {
  interface Fixture {
    readonly settings: { unlearn_lr: number; unlearn_epochs: number; warmup?: number };
    readonly lr_per_epoch: number[];
  }
  const { schedules } = readGoldenJson<{ schedules: Record<string, Fixture> }>("optim/schedules.json");
  const names = ["retrain_imagenet_warmup_cosine", "retrain_imagenet_no_warmup_cosine", "swin_adam_cosine"];

  it.each(names)("%s", (name) => {
    const { settings, lr_per_epoch } = schedules[name] ?? {
      settings: { unlearn_lr: 1, unlearn_epochs: 1 },
      lr_per_epoch: [],
    };
    const { unlearn_lr: lr, unlearn_epochs: epochs, warmup = 0 } = settings;
    const schedule = cosine({ lr, epochs, warmup: { epochs: warmup, per: "epoch" } });
    expect(lr_per_epoch).toHaveLength(epochs);
    const rates = lr_per_epoch.map((_, epoch) => schedule(epoch, 0, 1));
    expect(relativeError(rates, lr_per_epoch)).toBeLessThan(1e-12);
  });
});
