import { describe, expect, it } from "vitest";
import { oneCycle } from "../../../src/optim/index.ts";
import { relativeError } from "../../support/compare.ts";
import { readOptimFixture } from "../../support/trajectory.ts";

describe("oneCycle", () => {
  const fixtures = readOptimFixture<Record<string, number[]>>("schedules.json");

  it("equals PyTorch's", () => {
    const expected = fixtures["one cycle"] ?? [];
    const schedule = oneCycle({ maxLr: 0.4, epochs: 4 });
    const rates = expected.map((_, i) => schedule(Math.floor(i / 5), i % 5, 5));
    expect(rates).toHaveLength(20);
    expect(relativeError(rates, expected)).toBeLessThan(1e-12);
  });

  it("equals PyTorch's with other settings", () => {
    const expected = fixtures["one cycle, other settings"] ?? [];
    const schedule = oneCycle({ maxLr: 1, epochs: 3, riseFraction: 0.5, divFactor: 10, finalDivFactor: 100 });
    const rates = expected.map((_, i) => schedule(Math.floor(i / 4), i % 4, 4));
    expect(relativeError(rates, expected)).toBeLessThan(1e-12);
  });

  it("is finite where the rise has no length", () => {
    const schedule = oneCycle({ maxLr: 1, epochs: 1, riseFraction: 0.1 });
    expect(schedule(0, 0, 10)).toBe(1);
    expect(schedule(0, 9, 10)).toBeCloseTo(1 / 25 / 1e4, 12);
  });

  it("has the highest rate where it is one step long", () => {
    expect(oneCycle({ maxLr: 0.3, epochs: 1 })(0, 0, 1)).toBe(0.3);
  });

  it.each([
    [{ maxLr: 0 }, "oneCycle.maxLr: expected a finite number > 0, got 0"],
    [{ epochs: 1.5 }, "oneCycle.epochs: expected an integer >= 1, got 1.5"],
    [{ riseFraction: NaN }, "oneCycle.riseFraction: expected a number in [0, 1], got NaN"],
    [{ divFactor: -1 }, "oneCycle.divFactor: expected a finite number > 0, got -1"],
    [{ finalDivFactor: 0 }, "oneCycle.finalDivFactor: expected a finite number > 0, got 0"],
  ])("refuses %o", (change, message) => {
    expect(() => oneCycle({ maxLr: 1, epochs: 1, ...change })).toThrow(message);
  });
});
