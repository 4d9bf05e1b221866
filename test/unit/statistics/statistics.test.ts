import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  correlation,
  correlationInterval,
  pairedTest,
  partialCorrelation,
  studentProbability,
  studentQuantile,
  summarize,
  summarizeCorrelations,
} from "../../../src/statistics/statistics.ts";

describe("Student's distribution", () => {
  it("has its closed forms for one, two and three degrees of freedom", () => {
    for (const t of [-7, -1.5, -0.1, 0, 0.3, 2, 12]) {
      expect(studentProbability(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 11);
      expect(studentProbability(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 11);
      const u = t / Math.sqrt(3);
      expect(studentProbability(t, 3)).toBeCloseTo(0.5 + (u / (1 + u * u) + Math.atan(u)) / Math.PI, 11);
    }
  });

  it.each([
    [1, 12.706204736432095],
    [2, 4.302652729911275],
    [4, 2.7764451051977987],
    [9, 2.2621571627409915],
    [100, 1.9839715184496334],
  ])("has the tabulated 97.5 %% quantile for %s degrees of freedom", (freedom, quantile) => {
    expect(studentQuantile(0.975, freedom)).toBeCloseTo(quantile, 8);
    expect(studentQuantile(0.025, freedom)).toBeCloseTo(-quantile, 8);
    expect(studentQuantile(0.5, freedom)).toBeCloseTo(0, 8);
  });
});

describe("a summary", () => {
  it("has mean, deviation and interval, and says when one value has none", () => {
    const { mean, deviation, interval, n } = summarize([1, 2, 3, 4]);
    expect([mean, n]).toEqual([2.5, 4]);
    expect(deviation).toBeCloseTo(Math.sqrt(5 / 3), 14);
    const half = (3.182446305284263 * Math.sqrt(5 / 3)) / 2;
    expect(interval?.[0]).toBeCloseTo(2.5 - half, 8);
    expect(interval?.[1]).toBeCloseTo(2.5 + half, 8);
    expect(summarize([7])).toEqual({ mean: 7, deviation: null, interval: null, n: 1 });
  });

  it("refuses nothing, and what is not a number", () => {
    expect(() => summarize([])).toThrow("summary: expected values, got none");
    expect(() => summarize([1, NaN])).toThrow("summary: expected finite values, got NaN");
  });
});

describe("a paired test", () => {
  it("is that of the differences", () => {
    const [first, second] = [
      [1.2, 2.3, 3.1],
      [1, 2.5, 2.2],
    ];
    const { mean, deviation, p } = pairedTest(first, second);
    const t = (mean * Math.sqrt(3)) / (deviation ?? NaN);
    // Two degrees of freedom: P(|T| ≥ t) = 1 - t / √(2 + t²).
    expect(p).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 10);
    expect(pairedTest([1], [2])).toMatchObject({ mean: -1, p: null });
    expect(pairedTest([1, 2], [0, 1])).toMatchObject({ mean: 1, deviation: 0, p: null });
    expect(() => pairedTest([1], [])).toThrow("paired test: expected as many values, got 1 and 0");
  });
});

describe("correlations", () => {
  it("are ±1 on lines, null of constants, and do not change with scale", () => {
    expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 14);
    expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 14);
    expect(correlation([1, 2, 3], [5, 5, 5])).toBeNull();
    const value = fc.integer({ min: -99, max: 99 });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 3 }), (pairs) => {
        const [x, y] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
        const r = correlation(x, y);
        if (r === null) return;
        expect(Math.abs(r)).toBeLessThanOrEqual(1 + 1e-12);
        expect(
          correlation(
            y.map((b) => 3 * b + 7),
            x,
          ),
        ).toBeCloseTo(r, 12);
      }),
    );
  });

  it("have Fisher's interval, and means that stay within one", () => {
    // atanh 0.5 = ln √3, and 1 / √(n - 3) is 1/2 of seven pairs.
    const [low, high] = correlationInterval(0.5, 7) ?? [NaN, NaN];
    expect(low).toBeCloseTo(Math.tanh(Math.log(Math.sqrt(3)) - 1.959963984540054 / 2), 12);
    expect(high).toBeCloseTo(Math.tanh(Math.log(Math.sqrt(3)) + 1.959963984540054 / 2), 12);
    expect(correlationInterval(0.5, 3)).toBeNull();
    expect(correlationInterval(1, 9)).toBeNull();
    const { mean, interval, n } = summarizeCorrelations([0.9, 0.99, -0.5]);
    expect(mean).toBeCloseTo(Math.tanh((Math.atanh(0.9) + Math.atanh(0.99) - Math.atanh(0.5)) / 3), 12);
    expect(interval?.[0]).toBeGreaterThan(-1);
    expect(interval?.[1]).toBeLessThan(1);
    expect(n).toBe(3);
    expect(summarizeCorrelations([1]).mean).toBeCloseTo(1, 8);
  });

  it("lose what a third quantity explains", () => {
    // x and y are both z and something of their own that has nothing to do with the other's.
    const z = [-3, -1, 1, 3, -3, -1, 1, 3];
    const [a, b] = [
      [1, -1, -1, 1, 1, -1, -1, 1],
      [1, 1, 1, 1, -1, -1, -1, -1],
    ];
    const [x, y] = [z.map((value, i) => value + (a[i] ?? 0)), z.map((value, i) => value + (b[i] ?? 0))];
    expect(correlation(x, y)).toBeGreaterThan(0.5);
    expect(partialCorrelation(x, y, z)).toBeCloseTo(0, 12);
    expect(partialCorrelation(z, y, z)).toBeNull();
  });
});
