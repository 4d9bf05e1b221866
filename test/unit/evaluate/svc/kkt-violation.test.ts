import { describe, expect, it } from "vitest";
import { kktViolation } from "../../../../src/evaluate/svc/kkt-violation.ts";
import { vector } from "../samples.ts";

const violation = (share: number, margin: number): number => kktViolation(vector([share]), vector([margin]));

describe("kktViolation", () => {
  it("is 0 where the conditions hold", () => {
    expect(violation(0, 1.5)).toBe(0);
    expect(violation(1, 0.2)).toBe(0);
    expect(violation(0.4, 1)).toBe(0);
  });

  it("is the distance of the margin from 1 for a free multiplier", () => {
    expect(violation(0.5, 1.25)).toBe(0.25);
    expect(violation(0.5, 0.75)).toBe(0.25);
  });

  it("is what a multiplier at the wrong bound would have to move", () => {
    expect(violation(0, 0.75)).toBe(0.25);
    expect(violation(1, 3)).toBe(1);
  });

  it("is that of the worst point", () => {
    expect(kktViolation(vector([0, 0.5, 1]), vector([2, 1.125, 0]))).toBe(0.125);
  });
});
