import { describe, expect, it } from "vitest";
import { roundSparsities } from "../../../src/prune/index.ts";

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

  it("end at the sparsity asked for", () => {
    expect(roundSparsities(1000, 0.95, 0.2)).toHaveLength(14);
    expect(roundSparsities(1000, 0.95, 0.2).at(-1)).toBe(0.95);
    expect(roundSparsities(1000, 0.1, 0.2)).toEqual([0.1]);
    expect(roundSparsities(1000, 0, 0.2)).toEqual([0]);
  });
});
