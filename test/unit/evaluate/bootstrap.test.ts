import { describe, expect, it } from "vitest";
import { gainInterval, gapIntervals } from "../../../src/evaluate/bootstrap.ts";
import { metric } from "../report/made-up-records.ts";

describe("bootstrap intervals of gaps", () => {
  it("are those of the normal distribution where there are many images", () => {
    const [n, a, b] = [2000, 0.5, 0.4];
    const { gaps } = gapIntervals([{ ours: metric(a, n), oracle: metric(b, n) }]);
    const half = 1.96 * Math.sqrt((a * (1 - a) + b * (1 - b)) / n);
    const [low = 0, high = 0] = gaps[0] ?? [];
    expect(Math.abs(low - (a - b - half))).toBeLessThan(0.1 * half);
    expect(Math.abs(high - (a - b + half))).toBeLessThan(0.1 * half);
  });

  it("have no width where every image agrees", () => {
    const { gaps, disparity } = gapIntervals([
      { ours: metric(1, 50), oracle: metric(1, 50) },
      { ours: metric(0, 50), oracle: metric(1, 50) },
    ]);
    expect(gaps).toEqual([
      [0, 0],
      [-1, -1],
    ]);
    expect(disparity).toEqual([0.5, 0.5]);
  });

  it("of the mean size hold it, and are the same every time", () => {
    const pairs = [0.2, 0.3, 0.9, 0.6].map((value, i) => ({
      ours: metric(value, 100),
      oracle: metric(value + 0.05 * i, 100),
    }));
    const { disparity } = gapIntervals(pairs);
    expect(disparity[0]).toBeLessThan(0.075);
    expect(disparity[1]).toBeGreaterThan(0.075);
    expect(gapIntervals(pairs).disparity).toEqual(disparity);
  });

  it("are the wider the fewer images there are", () => {
    const width = (n: number): number => {
      const [low = 0, high = 0] = gapIntervals([{ ours: metric(0.5, n), oracle: metric(0.5, n) }]).gaps[0] ?? [];
      return high - low;
    };
    expect(width(100) / width(10_000)).toBeGreaterThan(8);
    expect(width(100) / width(10_000)).toBeLessThan(12);
  });
});

describe("bootstrap interval of what was gained", () => {
  const of = (before: number, ours: number, oracle: number, n: number): readonly [number, number] =>
    gainInterval([{ before: metric(before, n), ours: metric(ours, n), oracle: metric(oracle, n) }]);

  it("holds 0 where nothing changed, whatever the distance to Retrain", () => {
    for (const value of [0, 0.2, 0.9, 1]) {
      const [low, high] = of(value, value, 0.9, 200);
      expect(low).toBeLessThanOrEqual(0);
      expect(high).toBeGreaterThanOrEqual(0);
    }
  });

  it("is above 0 for a step towards Retrain, below for a step away, and neither for one that few images cannot show", () => {
    expect(of(0.1, 0.6, 0.9, 1000)[0]).toBeGreaterThan(0.4);
    expect(of(0.6, 0.1, 0.9, 1000)[1]).toBeLessThan(-0.4);
    const [low, high] = of(0.5, 0.6, 0.9, 10);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
  });
});
