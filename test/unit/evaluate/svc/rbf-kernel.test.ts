import { describe, expect, it } from "vitest";
import { kernelProduct, kernelRow, rbfKernel } from "../../../../src/evaluate/svc/rbf-kernel.ts";
import { thrownBy } from "../../../support/thrown-by.ts";
import { gaussianKernel, largestDifference, matrix, normal, vector } from "../samples.ts";

describe("rbfKernel", () => {
  it("is exp(-γ d²) for points at distance d", () => {
    const kernel = rbfKernel(matrix([[0], [2]]), 0.25);
    expect(kernelRow(kernel, 0).toArray()).toEqual([1, expect.closeTo(Math.exp(-1), 15)]);
  });

  it("gives rows as in the definition, far from the origin too", () => {
    const points = normal(1, 50, 4, 1000);
    const row = kernelRow(rbfKernel(points, 0.25), 7);
    expect(largestDifference(row, gaussianKernel(points, points, 0.25).select(0, 7))).toBeLessThan(1e-12);
  });

  it("sums over more points than fit in one block", () => {
    const points = normal(2, 3000, 2);
    const queries = normal(3, 200, 2);
    const weights = normal(4, 3000, 1).squeeze(1);
    const product = kernelProduct(rbfKernel(points, 0.5), queries, weights);
    expect(largestDifference(product, gaussianKernel(queries, points, 0.5).mv(weights))).toBeLessThan(1e-10);
  });

  it("refuses points whose distances float64 cannot hold", () => {
    const error = thrownBy(() => rbfKernel(vector([0, 1e6]).unsqueeze(1), 1));
    expect(error).toMatchObject({ code: "E_ARG", message: expect.stringContaining("got 250000000000") });
  });
});
