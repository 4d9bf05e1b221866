import { describe, expect, it } from "vitest";
import { solveNormalEquations } from "../../../../src/evaluate/svc/normal-equations.ts";
import { largestDifference, matrix, normal, vector } from "../samples.ts";

describe("solveNormalEquations", () => {
  it("solves a system of two unknowns", () => {
    const solve = solveNormalEquations(
      matrix([
        [4, 2],
        [2, 3],
      ]),
    );
    expect(solve?.(vector([8, 8])).toArray()).toEqual([expect.closeTo(1, 14), expect.closeTo(2, 14)]);
  });

  it("keeps its digits when the entries differ by twenty orders of magnitude", () => {
    const scale = vector([1e-10, 1, 1e5, 1e10]);
    const well = normal(1, 4, 8);
    const base = well.mm(well.t());
    const solution = vector([1e10, -1, 1e-5, 2e-10]);
    const solve = solveNormalEquations(base.mul(scale).mul(scale.unsqueeze(1)));
    const found = solve?.(base.mv(solution.mul(scale)).mul(scale));
    expect(found).toBeDefined();
    expect(largestDifference((found ?? solution.mul(0)).mul(scale), solution.mul(scale))).toBeLessThan(1e-12);
  });

  it("accepts a system that rounding has made singular", () => {
    const solve = solveNormalEquations(
      matrix([
        [1, 1],
        [1, 1],
      ]),
    );
    const [x = NaN, y = NaN] = solve?.(vector([2, 2])).toArray() ?? [];
    expect(x + y).toBeCloseTo(2, 6);
  });

  it("has no solver for a system that is not positive definite or not finite", () => {
    const indefinite = matrix([
      [1, 2],
      [2, 1],
    ]);
    expect(solveNormalEquations(indefinite)).toBeNull();
    expect(solveNormalEquations(matrix([[NaN]]))).toBeNull();
    expect(solveNormalEquations(matrix([[-1]]))).toBeNull();
  });
});
