import { expect, it } from "vitest";
import { flops as allocation } from "../../../../src/prune/allocations/flops.ts";
import { globalMask, type Mask } from "../../../../src/prune/index.ts";
import { scope } from "../../../../src/torch/index.ts";
import { counts, outputPixels, scoresOf, sizes } from "../../../support/allocation-scores.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

/** Share of the dense network's multiplications. */
const flopsOf = (kept: readonly number[]): number =>
  [...outputPixels.values()].reduce((sum, places, i) => sum + places * (kept[i] ?? 0), 0) /
  [...outputPixels.values()].reduce((sum, places, i) => sum + places * (sizes[i] ?? 0), 0);

it("meets a budget of multiplications that global pruning would not, with the largest scores that it allows", () => {
  scope(() => {
    const scores = scoresOf(3);
    const global = counts(globalMask(scores, 0.9));
    expect(flopsOf(global)).toBeGreaterThan(0.3);
    const mask = allocation.mask(scores, { sparsity: 0.9, flops: 0.2, outputPixels });
    const kept = counts(mask);
    expect(flopsOf(kept)).toBeLessThanOrEqual(0.2);
    expect(flopsOf(kept)).toBeGreaterThan(0.195); // no more is given up than the budget asks for
    // One price: what stays in a layer is worth at least what went from another, the price of its output pixels subtracted.
    const state = mask.toState();
    const ends = [...scores].map(([name, score]) => {
      const live = state.get(`${name}_mask`)?.to("bool");
      if (live === undefined) throw new TypeError(name);
      const [least, most] = [score.maskedSelect(live).min(), score.maskedSelect(live.logicalNot()).max()];
      return { least: least.item(), most: most.item(), outputPixels: outputPixels.get(name) ?? 0 };
    });
    const between = ends.slice(1).map(({ least, most }) => (least + most) / 2);
    const [early = 0, shortcut = 0, late = 0] = between;
    const price = (early - late) / (1024 - 64);
    expect(price).toBeGreaterThan(0);
    expect(shortcut).toBeCloseTo(late + price * (256 - 64), 1);
  });
});

it("is global pruning where the budget is no constraint", () => {
  scope(() => {
    const scores = scoresOf(5);
    const mask = allocation.mask(scores, { sparsity: 0.8, flops: 1, outputPixels });
    expect(mask.hash).toBe(globalMask(scores, 0.8).hash);
  });
});

it("says the least budget where one cannot be met, and can have just that", () => {
  scope(() => {
    const scores = scoresOf(5);
    const at = (flops: number): Mask => allocation.mask(scores, { sparsity: 0.5, flops, outputPixels });
    expect(() => at(0.01)).toThrow(/flops: expected at least 0\.\d+ at sparsity 0.5, got 0.01/);
    const least = Number(/at least (0\.\d+)/.exec(thrownBy(() => at(0.01)).message)?.[1]);
    expect(flopsOf(counts(at(least + 0.001)))).toBeLessThanOrEqual(least + 0.001);
  });
});
