import { expect, it } from "vitest";
import { erk } from "../../../../src/prune/allocations/erk.ts";
import { scope } from "../../../../src/torch/index.ts";
import { all, counts, outputPixels, scoresOf } from "../../../support/allocation-scores.ts";

it("gives densities by the sum of a layer's dimensions over their product with erk, none above 1", () => {
  scope(() => {
    const kept = counts(erk.mask(scoresOf(1), { sparsity: 0.5, flops: 1, outputPixels }));
    // By hand: 10,152 of 20,304 weights, by dimensions 17, 30, 50, 102. Shares of 10,152 would be 867, 1530, 2551 and 5204: the
    // first and third have 216 and 512 and are full, and 9,424 are shared by 30 : 102, of which the second can take 1,152.
    expect(all).toBe(20_312);
    expect(kept[0]).toBe(216);
    expect(kept[2]).toBe(512);
    expect(kept[1]).toBe(1152);
    expect(kept[3]).toBe(all / 2 - 216 - 512 - 1152);
  });
});
