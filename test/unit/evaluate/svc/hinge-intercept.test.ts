import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hingeIntercept } from "../../../../src/evaluate/svc/hinge-intercept.ts";
import { scope } from "../../../../src/torch/index.ts";
import { vector } from "../samples.ts";

interface Sample {
  readonly score: number;
  readonly label: number;
  readonly count: number;
}

function interceptOf(samples: readonly Sample[]): number {
  return scope(() =>
    hingeIntercept(
      vector(samples.map(({ score }) => score)),
      vector(samples.map(({ label }) => label)),
      vector(samples.map(({ count }) => count)),
    ),
  );
}

function loss(samples: readonly Sample[], b: number): number {
  return samples.reduce((sum, { score, label, count }) => sum + count * Math.max(0, 1 - label * (score + b)), 0);
}

describe("hingeIntercept", () => {
  it("is the middle of the interval where the loss does not change", () => {
    // Both samples are satisfied for b between 1 - 3 = -2 and -1 + 2 = 1.
    const samples = [
      { score: 3, label: 1, count: 1 },
      { score: -2, label: -1, count: 1 },
    ];
    expect(interceptOf(samples)).toBe(-0.5);
  });

  it("sides with the larger class when scores say nothing", () => {
    const samples = [
      { score: 0, label: 1, count: 40 },
      { score: 0, label: -1, count: 60 },
    ];
    expect(interceptOf(samples)).toBe(-1);
  });

  it("is the kink in which both slopes meet", () => {
    // Slope left of b = 1 is -2 + 1, right of it +1: the positive point with two samples decides.
    const samples = [
      { score: 0, label: 1, count: 2 },
      { score: 0, label: -1, count: 1 },
    ];
    expect(interceptOf(samples)).toBe(1);
  });

  it("has the smallest loss of all kinks, for any samples", () => {
    const sample = fc.record({
      score: fc.double({ min: -3, max: 3, noNaN: true }),
      label: fc.constantFrom(1, -1),
      count: fc.integer({ min: 1, max: 5 }),
    });
    const both = fc
      .array(sample, { minLength: 2, maxLength: 12 })
      .filter((samples) => new Set(samples.map(({ label }) => label)).size === 2);
    fc.assert(
      fc.property(both, (samples) => {
        const best = Math.min(...samples.map(({ score, label }) => loss(samples, label - score)));
        expect(loss(samples, interceptOf(samples))).toBeCloseTo(best, 9);
      }),
    );
  });
});
