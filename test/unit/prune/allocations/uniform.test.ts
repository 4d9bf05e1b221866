import { expect, it } from "vitest";
import { uniform } from "../../../../src/prune/allocations/uniform.ts";
import { scope } from "../../../../src/torch/index.ts";
import { all, counts, outputPixels, scoresOf, sizes } from "../../../support/allocation-scores.ts";

it("spreads uniformly over all layers but the first", () => {
  scope(() => {
    const mask = uniform.mask(scoresOf(1), { sparsity: 0.9, flops: 1, outputPixels });
    const [first, ...others] = counts(mask);
    expect(first).toBe(sizes[0]);
    const density = (all - Math.round(0.9 * all) - (sizes[0] ?? 0)) / (all - (sizes[0] ?? 0));
    others.forEach((count, i) => expect(Math.abs(count - density * (sizes[i + 1] ?? 0))).toBeLessThanOrEqual(1));
  });
});

it("prunes the first layer like the others where it is more than half of what is kept", () => {
  scope(() => {
    // 203 weights of 20,312 are kept: the first layer's 216 are more than half of that, and a share of 1 % is 2 of them.
    const [first] = counts(uniform.mask(scoresOf(1), { sparsity: 0.99, flops: 1, outputPixels }));
    expect(first).toBe(2);
  });
});
