import { describe, expect, it } from "vitest";
import { choose } from "../../../../src/experiments/backdoor/option-search.ts";

const ending = (...after: number[]) => after.map((value) => ({ before: 0.6, after: value }));

describe("the choice of a cleanse's options", () => {
  it("takes the last candidate that costs no more than the tolerance", () => {
    expect(choose(ending(0.61, 0.58, 0.4), 0.05)).toBe(1);
    expect(choose(ending(0.61, 0.54, 0.56, 0.1), 0.05)).toBe(2);
    expect(choose(ending(0.6, 0.6), 0)).toBe(1);
  });

  it("takes the gentlest where all cost more", () => {
    expect(choose(ending(0.3, 0.2), 0.05)).toBe(0);
  });
});
