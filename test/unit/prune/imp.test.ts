import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { roundCount, roundSparsities } from "../../../src/prune/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";

describe("rounds of iterative pruning", () => {
  it("leave of ResNet-18 what the reference's rounds leave", () => {
    const total = 11_159_232;
    // The golden fixtures' imp_remaining_resnet18_conv_rate_0.2.
    const remaining = [
      8927386, 7141909, 5713527, 4570822, 3656658, 2925326, 2340261, 1872209, 1497767, 1198214, 958571, 766857, 613486,
      490789,
    ];
    const sparsities = roundSparsities(total, 1 - 490789 / total, 0.2);
    expect(sparsities.map((sparsity) => Math.round((1 - sparsity) * total))).toEqual(remaining);
  });

  it("are a thousand at the most, whatever sparsity and rate", () => {
    const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const rates = fc.oneof(
      share,
      fc.double({ min: -330, max: 0, noNaN: true }).map((power) => 10 ** power),
    );
    fc.assert(
      fc.property(share, rates, (sparsity, rate) => {
        fc.pre(rate > 0 && rate < 1);
        try {
          const sparsities = roundSparsities(1e6, sparsity, rate);
          expect(sparsities.length).toBeLessThanOrEqual(1000);
          expect(sparsities.at(-1)).toBe(sparsity);
        } catch (error) {
          expect(error).toMatchObject({ code: "E_ARG", hint: "raise --rate: 0.2 is the published one" });
          expect(-Math.log1p(-sparsity)).toBeGreaterThan(-999 * Math.log1p(-rate));
        }
      }),
    );
    for (const rate of [1e-9, 1e-17, Number.MIN_VALUE])
      expect(thrownBy(() => roundCount(0.95, rate)).message).toMatch(
        /^rate: expected one that reaches sparsity 0.95 within 1000 rounds/,
      );
    expect(roundCount(0, 1e-9)).toBe(1);
  });

  it("end at the sparsity asked for", () => {
    expect(roundSparsities(1000, 0.95, 0.2)).toHaveLength(14);
    expect(roundSparsities(1000, 0.95, 0.2).at(-1)).toBe(0.95);
    expect(roundSparsities(1000, 0.1, 0.2)).toEqual([0.1]);
    expect(roundSparsities(1000, 0, 0.2)).toEqual([0]);
  });
});
