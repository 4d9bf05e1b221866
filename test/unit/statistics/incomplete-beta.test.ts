import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { incompleteBeta } from "../../../src/statistics/incomplete-beta.ts";
import { thrownBy } from "../../support/thrown-by.ts";

interface Value {
  readonly x: number;
  readonly a: number;
  readonly b: number;
  readonly value: number;
}

const path = new URL("../../golden/evaluate/intervals.json", import.meta.url);
const { incomplete_beta: values } = JSON.parse(readFileSync(path, "utf8")) as { incomplete_beta: Value[] };

describe("incompleteBeta", () => {
  it("is x for a = b = 1 and x^a for b = 1", () => {
    expect(incompleteBeta(0.3, 1, 1)).toBeCloseTo(0.3, 14);
    expect(incompleteBeta(0.3, 4, 1)).toBeCloseTo(0.3 ** 4, 14);
  });

  it("is 0 and 1 at the ends", () => {
    expect(incompleteBeta(0, 2, 3)).toBe(0);
    expect(incompleteBeta(1, 2, 3)).toBe(1);
  });

  it.each(values)("equals scipy at x = $x, a = $a, b = $b", ({ x, a, b, value }) => {
    expect(Math.abs(incompleteBeta(x, a, b) / value - 1)).toBeLessThan(1e-8);
  });

  it("is the chance of at least a successes in a + b - 1 draws", () => {
    // P[X >= 2] for 3 fair draws = (3 + 1) / 8
    expect(incompleteBeta(0.5, 2, 2)).toBeCloseTo(0.5, 14);
    // P[X >= 1] for 3 draws with p = 0.1
    expect(incompleteBeta(0.1, 1, 3)).toBeCloseTo(1 - 0.9 ** 3, 14);
  });

  it("reflects and grows with x", () => {
    const shape = fc.double({ min: 0.1, max: 200, noNaN: true });
    const position = fc.integer({ min: 0, max: 1024 }).map((step) => step / 1024); // 1 - x is exact
    fc.assert(
      fc.property(shape, shape, position, position, (a, b, x, y) => {
        expect(incompleteBeta(x, a, b)).toBeCloseTo(1 - incompleteBeta(1 - x, b, a), 9);
        expect(incompleteBeta(Math.max(x, y), a, b)).toBeGreaterThanOrEqual(
          incompleteBeta(Math.min(x, y), a, b) - 1e-12,
        );
      }),
    );
  });

  it.each([
    ["x", () => incompleteBeta(1.5, 1, 1)],
    ["a", () => incompleteBeta(0.5, 0, 1)],
    ["b", () => incompleteBeta(0.5, 1, NaN)],
  ])("refuses an impossible %s", (name, call) => {
    expect(thrownBy(call)).toMatchObject({ code: "E_ARG", message: expect.stringContaining(`incompleteBeta.${name}`) });
  });
});
