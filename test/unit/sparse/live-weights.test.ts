import { expect, it } from "vitest";
import { gather, liveIndices, scatter } from "../../../src/sparse/live-weights.ts";
import { arange, tensor, zeros } from "../../../src/torch/index.ts";

it("orders live weights by output channel, column, row and input channel", () => {
  // Weight [1, 2, 2, 2]: positions 4 i + 2 row + column.
  expect(liveIndices([1, 2, 2, 2], null).toArray()).toEqual([0, 4, 2, 6, 1, 5, 3, 7]);
  const kept = tensor([1, 0, 0, 1, 1, 1, 0, 0], { shape: [1, 2, 2, 2] });
  expect(liveIndices([1, 2, 2, 2], kept).toArray()).toEqual([0, 4, 5, 3]);
});

it("writes back what it took, and zero elsewhere", () => {
  const weight = arange(1, 9).to("float32").view([1, 2, 2, 2]);
  const positions = liveIndices([1, 2, 2, 2], tensor([1, 0, 0, 1, 1, 1, 0, 0], { shape: [1, 2, 2, 2] }));
  const live = gather(weight, positions);
  expect(live.toArray()).toEqual([1, 5, 6, 4]);
  scatter(weight, positions, live);
  expect(weight.flatten().toArray()).toEqual([1, 0, 0, 4, 5, 6, 0, 0]);
  scatter(weight, positions, zeros([4]));
  expect(weight.abs().sum().item()).toBe(0);
});
