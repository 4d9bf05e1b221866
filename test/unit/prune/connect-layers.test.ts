import { expect, it } from "vitest";
import { connectLayers } from "../../../src/prune/connect-layers.ts";
import { globalMask } from "../../../src/prune/index.ts";
import { scope, tensor } from "../../../src/torch/index.ts";

const scores = new Map([
  ["a.weight", tensor([5, 6, 7, 8]).view([4, 1, 1, 1])],
  ["b.weight", tensor([1, 3, 2]).view([3, 1, 1, 1])],
  ["c.weight", tensor([9, 4]).view([2, 1, 1, 1])],
]);

it("gives an empty layer its best weight, and takes the worst of the fullest", () => {
  scope(() => {
    const before = globalMask(scores, 5 / 9);
    expect(before.layers.map(({ nonzero }) => nonzero)).toEqual([3, 0, 1]);
    const after = connectLayers(before, scores);
    expect(after.nonzero).toBe(before.nonzero);
    const state = after.toState();
    expect(state.get("a.weight_mask")?.toArray()).toEqual([0, 0, 1, 1]);
    expect(state.get("b.weight_mask")?.toArray()).toEqual([0, 1, 0]);
    expect(state.get("c.weight_mask")?.toArray()).toEqual([1, 0]);
  });
});

it("does not change a mask without an empty layer", () => {
  scope(() => {
    const mask = globalMask(scores, 0.2);
    expect(connectLayers(mask, scores)).toBe(mask);
  });
});

it("says so when there are fewer weights left than layers", () => {
  scope(() => {
    expect(() => connectLayers(globalMask(scores, 7 / 9), scores)).toThrow(
      "sparsity: expected at least one weight left for each of 3 layers, got 2 in all",
    );
  });
});
