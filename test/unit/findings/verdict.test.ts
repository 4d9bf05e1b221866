/** Verdicts on numbers whose intervals are known: of -d, 0 and d the mean's is ± t d / √3, with t = 4.303 at 95 %, 6.205 at 97.5 %. */
import { describe, expect, it } from "vitest";
import { bySign, correctionNote, verdictOf } from "../../../src/findings/verdict.ts";

const around = (mean: number, half: number): number[] => [mean - half, mean, mean + half];
const none = "not testable at this scale";

describe("a verdict", () => {
  it("by sign: for sure, against for sure, or neither", () => {
    expect(bySign([0.1, 0.11, 0.12], 1)).toBe("reproduced");
    expect(bySign([0.1, 0.11, 0.12], -1)).toBe("not reproduced");
    expect(bySign([0.1, -0.11, 0.12], 1)).toBe(none);
    expect(bySign([0.1], 1)).toBe(none);
    expect(bySign([], 1)).toBe(none);
  });

  it("on a range: inside, outside, or across an end", () => {
    const on = (mean: number): string => verdictOf([{ values: around(mean, 0.01), within: [-0.1, 0.1] }]);
    // The interval reaches 0.0248 to each side.
    expect(on(0.07)).toBe("reproduced");
    expect(on(-0.07)).toBe("reproduced");
    expect(on(0.08)).toBe(none);
    expect(on(0.12)).toBe(none);
    expect(on(0.13)).toBe("not reproduced");
    expect(on(-0.13)).toBe("not reproduced");
  });

  it("on several: each must hold, and one contradicts only by Bonferroni's interval", () => {
    const holds = { values: around(1, 0.1), within: [0, Infinity] } as const;
    // ± 0.248 at 95 %, ± 0.358 at 97.5 %.
    const against = (mean: number): { values: number[]; within: [number, number] } => ({
      values: around(mean, 0.1),
      within: [0, Infinity],
    });
    expect(verdictOf([holds, holds])).toBe("reproduced");
    expect(verdictOf([against(-0.3)])).toBe("not reproduced");
    expect(verdictOf([holds, against(-0.3)])).toBe(none);
    expect(verdictOf([holds, against(-0.37)])).toBe("not reproduced");
    expect(verdictOf([holds, { values: [1], within: [0, Infinity] }])).toBe(none);
    expect(verdictOf([])).toBe(none);
    expect(correctionNote([holds, holds])).toContain("97.5 %");
    expect(correctionNote([holds])).toBe("");
  });
});
