import { describe, expect, it } from "vitest";
import { nOfM } from "../../../../src/prune/allocations/n-of-m.ts";
import type { Mask } from "../../../../src/prune/index.ts";
import { scope, type Tensor } from "../../../../src/torch/index.ts";
import { outputPixels, scoresOf, shapes } from "../../../support/allocation-scores.ts";

describe("allocation n:m", () => {
  it("keeps the same number of every four weights along the input channels, the largest", () => {
    scope(() => {
      for (const [sparsity, kept] of [
        [0.25, 3],
        [0.5, 2],
        [0.75, 1],
      ] as const) {
        const scores = scoresOf(3);
        const state = nOfM.mask(scores, { sparsity, flops: 1, outputPixels }).toState();
        expect(state.get("conv1.weight_mask")?.to("bool").all().item()).toBe(1);
        for (const [name, [out = 0, inputs = 0, h = 0, w = 0]] of [...shapes].slice(1)) {
          const grouped = [out, inputs / 4, 4, h * w];
          const mask = (state.get(`${name}_mask`) as Tensor).reshape(grouped).to("float32");
          expect(mask.sumDim(2).sub(kept).abs().amax().item(), name).toBe(0);
          const score = (scores.get(name) as Tensor).reshape(grouped);
          const least = score.maskedFill(mask.eq(0), Infinity).amin(2);
          const lost = score.maskedFill(mask.ne(0), -Infinity).amax(2);
          expect(lost.sub(least).amax().item(), name).toBeLessThanOrEqual(0);
        }
      }
    });
  });

  it("says which sparsities it has", () => {
    scope(() => {
      const make = (): Mask => nOfM.mask(scoresOf(1), { sparsity: 0.9, flops: 1, outputPixels });
      expect(make).toThrow("n:m: expected sparsity 0.25, 0.5 or 0.75 (3:4, 2:4, 1:4), got 0.9");
    });
  });
});
