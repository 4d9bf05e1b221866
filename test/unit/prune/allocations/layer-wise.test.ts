import { expect, it } from "vitest";
import { layerWise } from "../../../../src/prune/allocations/layer-wise.ts";
import { scope } from "../../../../src/torch/index.ts";
import { counts, outputPixels, scoresOf } from "../../../support/allocation-scores.ts";

it("prunes every layer alike with layer-wise, the first included", () => {
  scope(() => {
    // By hand: a tenth of 216, 1,152, 512 and 18,432 is 21.6, 115.2, 51.2 and 1,843.2; 2,031 in all, so the largest fraction is rounded up.
    const kept = counts(layerWise.mask(scoresOf(1), { sparsity: 0.9, flops: 1, outputPixels }));
    expect(kept).toEqual([22, 115, 51, 1843]);
  });
});
