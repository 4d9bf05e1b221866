import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proportional, roundToTotal } from "../../../src/prune/allocation.ts";
import { allocationNamed, allocations } from "../../../src/prune/allocations/registry.ts";
import { globalMask, type Mask } from "../../../src/prune/index.ts";
import { Generator, randn, scope, type Tensor, tensor } from "../../../src/torch/index.ts";

/** Layers like those of a residual network: small and used often first, large and used seldom last. */
const shapes = new Map([
  ["conv1.weight", [8, 3, 3, 3]],
  ["early.weight", [16, 8, 3, 3]],
  ["shortcut.weight", [32, 16, 1, 1]],
  ["late.weight", [64, 32, 3, 3]],
]);
const positions = new Map([
  ["conv1.weight", 1024],
  ["early.weight", 1024],
  ["shortcut.weight", 256],
  ["late.weight", 64],
]);
const sizes = [...shapes.values()].map((shape) => shape.reduce((product, size) => product * size, 1));
const all = sizes.reduce((sum, size) => sum + size, 0);

function scoresOf(seed: number): Map<string, Tensor> {
  const generator = Generator.seeded(seed);
  return new Map(
    [...shapes].map(([name, shape], i) => [
      name,
      randn(shape, { generator })
        .abs()
        .mul(4 - i),
    ]),
  );
}

const counts = (mask: Mask): number[] => mask.layers.map(({ nonzero }) => nonzero);
const flopsOf = (kept: readonly number[]): number =>
  [...positions.values()].reduce((sum, places, i) => sum + places * (kept[i] ?? 0), 0) /
  [...positions.values()].reduce((sum, places, i) => sum + places * (sizes[i] ?? 0), 0);

const exact = allocations.map(({ name }) => name).filter((name) => name !== "n:m");

describe("allocation n:m", () => {
  it("keeps the same number of every four weights along the input channels, the largest", () => {
    scope(() => {
      for (const [sparsity, kept] of [
        [0.25, 3],
        [0.5, 2],
        [0.75, 1],
      ] as const) {
        const scores = scoresOf(3);
        const state = allocationNamed("n:m").mask(scores, { sparsity, flops: 1, positions }).toState();
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
      const make = (): Mask => allocationNamed("n:m").mask(scoresOf(1), { sparsity: 0.9, flops: 1, positions });
      expect(make).toThrow("n:m: expected sparsity 0.25, 0.5 or 0.75 (3:4, 2:4, 1:4), got 0.9");
    });
  });
});

describe.each(exact)("allocation %s", (name) => {
  it("keeps exactly the weights that the sparsity leaves, of each layer the largest", () => {
    scope(() => {
      for (const sparsity of [0, 0.3, 0.9, 0.95, 0.99]) {
        const scores = scoresOf(7);
        const mask = allocationNamed(name).mask(scores, { sparsity, flops: 1, positions });
        expect(mask.nonzero).toBe(all - Math.round(sparsity * all));
        const state = mask.toState();
        for (const [layer, score] of scores) {
          const kept = state.get(`${layer}_mask`)?.to("bool");
          if (kept === undefined || kept.all().item() !== 0 || kept.any().item() === 0) continue;
          const least = score.maskedSelect(kept).min().item();
          expect(score.maskedSelect(kept.logicalNot()).max().item()).toBeLessThanOrEqual(least);
        }
      }
    });
  });

  it("refuses scores that are not finite", () => {
    scope(() => {
      const scores = new Map([["conv1.weight", tensor([1, NaN], { dtype: "float32" }).view([1, 2, 1, 1])]]);
      const request = { sparsity: 0.5, flops: 0.5, positions };
      expect(() => allocationNamed(name).mask(scores, request)).toThrow(/expected finite numbers, got NaN or infinity/);
    });
  });
});

it("prunes every layer alike with layer-wise, the first included", () => {
  scope(() => {
    // By hand: a tenth of 216, 1,152, 512 and 18,432 is 21.6, 115.2, 51.2 and 1,843.2; 2,031 in all, so the largest fraction is rounded up.
    const kept = counts(allocationNamed("layer-wise").mask(scoresOf(1), { sparsity: 0.9, flops: 1, positions }));
    expect(kept).toEqual([22, 115, 51, 1843]);
  });
});

it("spreads uniformly over all layers but the first", () => {
  scope(() => {
    const mask = allocationNamed("uniform").mask(scoresOf(1), { sparsity: 0.9, flops: 1, positions });
    const [first, ...others] = counts(mask);
    expect(first).toBe(sizes[0]);
    const density = (all - Math.round(0.9 * all) - (sizes[0] ?? 0)) / (all - (sizes[0] ?? 0));
    others.forEach((count, i) => expect(Math.abs(count - density * (sizes[i + 1] ?? 0))).toBeLessThanOrEqual(1));
  });
});

it("gives densities by the sum of a layer's dimensions over their product with erk, none above 1", () => {
  scope(() => {
    const kept = counts(allocationNamed("erk").mask(scoresOf(1), { sparsity: 0.5, flops: 1, positions }));
    // By hand: 10,152 of 20,304 weights, by dimensions 17, 30, 50, 102. Shares of 10,152 would be 867, 1530, 2551 and 5204: the
    // first and third have 216 and 512 and are full, and 9,424 are shared by 30 : 102, of which the second can take 1,152.
    expect(all).toBe(20_312);
    expect(kept[0]).toBe(216);
    expect(kept[2]).toBe(512);
    expect(kept[1]).toBe(1152);
    expect(kept[3]).toBe(all / 2 - 216 - 512 - 1152);
  });
});

it("meets a budget of multiplications that global pruning would not, with the largest scores that it allows", () => {
  scope(() => {
    const scores = scoresOf(3);
    const global = counts(globalMask(scores, 0.9));
    expect(flopsOf(global)).toBeGreaterThan(0.3);
    const mask = allocationNamed("flops").mask(scores, { sparsity: 0.9, flops: 0.2, positions });
    const kept = counts(mask);
    expect(flopsOf(kept)).toBeLessThanOrEqual(0.2);
    expect(flopsOf(kept)).toBeGreaterThan(0.195); // no more is given up than the budget asks for
    // One price: what stays in a layer is worth at least what went from another, the price of its positions subtracted.
    const state = mask.toState();
    const ends = [...scores].map(([name, score]) => {
      const live = state.get(`${name}_mask`)?.to("bool");
      if (live === undefined) throw new TypeError(name);
      const [least, most] = [score.maskedSelect(live).min(), score.maskedSelect(live.logicalNot()).max()];
      return { least: least.item(), most: most.item(), positions: positions.get(name) ?? 0 };
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
    const mask = allocationNamed("flops").mask(scores, { sparsity: 0.8, flops: 1, positions });
    expect(mask.hash).toBe(globalMask(scores, 0.8).hash);
  });
});

it("says the least budget where one cannot be met, and can have just that", () => {
  scope(() => {
    const scores = scoresOf(5);
    const at = (flops: number): Mask => allocationNamed("flops").mask(scores, { sparsity: 0.5, flops, positions });
    expect(() => at(0.01)).toThrow(/flops: expected at least 0\.\d+ at sparsity 0.5, got 0.01/);
    const least = Number(/at least (0\.\d+)/.exec(messageOf(() => at(0.01)))?.[1]);
    expect(flopsOf(counts(at(least + 0.001)))).toBeLessThanOrEqual(least + 0.001);
  });
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "";
}

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
