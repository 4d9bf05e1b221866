import { describe, expect, it } from "vitest";
import { solveDual } from "../../../../src/evaluate/svc/interior-point.ts";
import { matrix, normal, signs, vector } from "../samples.ts";

describe("solveDual", () => {
  it("finds the multipliers of two points: 2 / d² each", () => {
    // Points 0 and 2 on a line with a linear kernel: w = 1 separates them with margin 1, α = 2 / 2².
    const { multipliers_P } = solveDual({
      factor_RP: matrix([[0, 2]]),
      labels_P: vector([-1, 1]),
      bounds_P: vector([3, 3]),
    });
    expect(multipliers_P.toArray()).toEqual([expect.closeTo(0.5, 8), expect.closeTo(0.5, 8)]);
  });

  it("stops at a bound, also where the bounds differ", () => {
    const { multipliers_P } = solveDual({
      factor_RP: matrix([[0, 2]]),
      labels_P: vector([-1, 1]),
      bounds_P: vector([0.25, 3]),
    });
    expect(multipliers_P.toArray()).toEqual([expect.closeTo(0.25, 8), expect.closeTo(0.25, 8)]);
  });

  it("keeps the multipliers between their bounds and balanced", () => {
    const labels_P = signs(40, 60);
    const { multipliers_P, complementarity } = solveDual({
      factor_RP: normal(1, 5, 100),
      labels_P,
      bounds_P: labels_P.onesLike().mul(3),
    });
    expect(complementarity).toBeLessThan(1e-12);
    expect(multipliers_P.min().item()).toBeGreaterThan(0);
    expect(multipliers_P.max().item()).toBeLessThan(3);
    expect(Math.abs(multipliers_P.dot(labels_P).item())).toBeLessThan(1e-9);
  });
});
