import { describe, expect, it } from "vitest";
import { factorKernel } from "../../../../src/evaluate/svc/incomplete-cholesky.ts";
import { rbfKernel } from "../../../../src/evaluate/svc/rbf-kernel.ts";
import { gaussianKernel, largestDifference, matrix, normal } from "../samples.ts";

const points = normal(1, 300, 2);
const kernel = rbfKernel(points, 0.5);
const exact = gaussianKernel(points, points, 0.5);

describe("factorKernel", () => {
  it("approximates every entry of the kernel as well as it says", () => {
    for (const tolerance of [1e-2, 1e-6, 1e-12]) {
      const { factor_RP, residual } = factorKernel(kernel, { maxRank: 300, tolerance });
      expect(residual).toBeLessThanOrEqual(tolerance);
      expect(largestDifference(factor_RP.t().mm(factor_RP), exact)).toBeLessThanOrEqual(residual + 1e-13);
    }
  });

  it("needs a rank far below the number of points", () => {
    expect(factorKernel(kernel, { maxRank: 300, tolerance: 1e-6 }).factor_RP.shape[0]).toBeLessThan(100);
  });

  it("stops at the rank it is allowed and can be grown from there to the same factor", () => {
    const first = factorKernel(kernel, { maxRank: 20, tolerance: 1e-9 });
    expect(first.factor_RP.shape).toEqual([20, 300]);
    expect(first.residual).toBeGreaterThan(1e-9);
    const grown = factorKernel(kernel, { maxRank: 300, tolerance: 1e-9 }, first);
    const whole = factorKernel(kernel, { maxRank: 300, tolerance: 1e-9 });
    expect(grown.factor_RP.toArray()).toEqual(whole.factor_RP.toArray());
  });

  it("has rank 1 for equal points and full rank for distant ones", () => {
    const limits = { maxRank: 3, tolerance: 1e-12 };
    expect(factorKernel(rbfKernel(matrix([[1], [1], [1]]), 1), limits).factor_RP.shape).toEqual([1, 3]);
    expect(factorKernel(rbfKernel(matrix([[0], [50], [100]]), 1), limits).factor_RP.shape).toEqual([3, 3]);
  });
});
