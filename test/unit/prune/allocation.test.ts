import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type Allocation,
  defineAllocation,
  keepInProportion,
  keepLargest,
  keptCount,
  proportional,
  roundToTotal,
} from "../../../src/prune/allocation.ts";
import { scope, tensor } from "../../../src/torch/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const scores = new Map([
  ["a.weight", tensor([3, 1, 2, 2])],
  ["b.weight", tensor([9, 8, 7, 6, 5, 4])],
]);

it("counts what a sparsity keeps, the removed weights rounded half to even", () => {
  expect([0, 0.25, 0.35, 0.9].map((sparsity) => keptCount(scores, sparsity))).toEqual([10, 8, 6, 1]);
});

it("keeps the largest scores of each layer, of equal ones the later", () => {
  scope(() => {
    const state = keepLargest(scores, [2, 1]).toState();
    expect(state.get("a.weight_mask")?.toArray()).toEqual([1, 0, 0, 1]);
    expect(state.get("b.weight_mask")?.toArray()).toEqual([1, 0, 0, 0, 0, 0]);
  });
});

it("shares what is kept in proportion to weights, no layer beyond its size", () => {
  scope(() => {
    // Half of ten is five: 1 : 1 gives 2.5 each, rounded to 3 and 2; 9 : 1 fills the first layer with its four.
    expect(keepInProportion(scores, 0.5, [1, 1]).layers.map(({ nonzero }) => nonzero)).toEqual([3, 2]);
    expect(keepInProportion(scores, 0.5, [9, 1]).layers.map(({ nonzero }) => nonzero)).toEqual([4, 1]);
  });
});

it("refuses an allocation that lacks something", () => {
  const incomplete = { name: "none", description: "keeps nothing", source: "a test" } as unknown as Allocation;
  expect(thrownBy(() => defineAllocation(incomplete))).toMatchObject({
    code: "E_ARG",
    message: "allocation none: expected the field mask to be a function, got none",
  });
});

it("rounds shares to whole numbers of the same total, none above its bound", () => {
  const layer = fc.record({ weight: fc.double({ min: 0.01, max: 100, noNaN: true }), bound: fc.nat({ max: 1000 }) });
  fc.assert(
    fc.property(
      fc.array(layer, { minLength: 1, maxLength: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (layers, share) => {
        const bounds = layers.map(({ bound }) => bound);
        const total = Math.floor(share * bounds.reduce((a, b) => a + b, 0));
        const weights = layers.map(({ weight }) => weight);
        const rounded = roundToTotal(proportional(weights, total, bounds), total, bounds);
        expect(rounded.reduce((a, b) => a + b, 0)).toBe(total);
        rounded.forEach((count, i) => {
          expect(count).toBeGreaterThanOrEqual(0);
          expect(count).toBeLessThanOrEqual(bounds[i] ?? 0);
        });
      },
    ),
  );
});
