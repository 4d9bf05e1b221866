import { describe, expect, it } from "vitest";
import { compareMetric } from "../../../../src/report/run/compare.ts";
import { metric } from "../made-up-records.ts";

/** A share with limits of its own. */
const share = (value: number, low: number, high: number): ReturnType<typeof metric> => ({
  ...metric(value),
  interval: [low, high],
});

describe("difference of two shares", () => {
  it("agrees with Newcombe's published example, 56/70 against 48/80", () => {
    const { difference, interval } = compareMetric(share(0.8, 0.691834, 0.876953), share(0.6, 0.490455, 0.700382));
    expect(difference).toBeCloseTo(0.2, 10);
    expect(interval[0]).toBeCloseTo(0.0524, 4);
    expect(interval[1]).toBeCloseTo(0.3339, 4);
  });

  it.each([
    ["lower", metric(0.2253), metric(1)],
    ["higher", metric(0.9), metric(0.5)],
    ["same", metric(0.5), metric(0.5)],
    ["same", metric(0.994, 40_000), metric(0.9999, 40_000)], // certain, but under a point
    ["same", metric(0.06), metric(0.055)], // within chance, and chance is small
    ["unclear", metric(0.3, 50), metric(0.4, 50)],
  ] as const)("is called %s", (outcome, model, oracle) => {
    expect(compareMetric(model, oracle).outcome).toBe(outcome);
  });

  it("turns round with its arguments", () => {
    const [a, b] = [metric(0.3, 200), metric(0.6, 300)];
    const there = compareMetric(a, b);
    const back = compareMetric(b, a);
    expect(back.difference).toBe(-there.difference);
    expect(back.interval[0]).toBeCloseTo(-there.interval[1], 12);
    expect([there.outcome, back.outcome]).toEqual(["lower", "higher"]);
  });
});
