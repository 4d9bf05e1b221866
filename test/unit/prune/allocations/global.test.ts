import { expect, it } from "vitest";
import { global } from "../../../../src/prune/allocations/global.ts";
import { scope, tensor } from "../../../../src/torch/index.ts";

it("removes the smallest scores, in whichever layer they are", () => {
  scope(() => {
    const scores = new Map([
      ["a.weight", tensor([1, 6, 2])],
      ["b.weight", tensor([5, 3, 4])],
    ]);
    const state = global.mask(scores, { sparsity: 0.5, flops: 1, outputPixels: new Map() }).toState();
    expect(state.get("a.weight_mask")?.toArray()).toEqual([0, 1, 0]);
    expect(state.get("b.weight_mask")?.toArray()).toEqual([1, 0, 1]);
  });
});
