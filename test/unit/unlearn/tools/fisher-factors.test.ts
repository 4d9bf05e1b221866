import { describe, expect, it } from "vitest";
import { Generator, grad, randn, scope, softmax, tensor, type Tensor } from "../../../../src/torch/index.ts";
import { factorLosses, fisherFactors } from "../../../../src/unlearn/tools/fisher-factors.ts";

const [images, classes] = [40, 5];
function logits(): Tensor {
  const z_NK = randn([images, classes], { generator: Generator.seeded(1), dtype: "float64" }).mul(4);
  z_NK.requiresGrad = true;
  return z_NK;
}

/** l_r of every image, likeliest class first, [r][n][k]. */
function directions(): number[][][] {
  return scope(() => {
    const z_NK = logits();
    const losses_NK = factorLosses(z_NK);
    return Array.from({ length: classes }, (_, r) => {
      const [gradient] = grad([losses_NK.select(1, r).sum()], [z_NK], { retainGraph: true });
      return rows(gradient as Tensor);
    });
  });
}

function rows(values_NK: Tensor): number[][] {
  const flat = values_NK.toArray();
  return Array.from({ length: images }, (_, n) => flat.slice(classes * n, classes * (n + 1)));
}

describe("multinomial Fisher factors", () => {
  const p = scope(() => rows(softmax(logits().detach(), 1)));
  const factorsAt = (tolerance: number): { order: number[]; shares: number[][]; counts: readonly number[] } =>
    scope(() => {
      const { order_M, shares_MK, counts } = fisherFactors(
        tensor(Float64Array.from(p.flat())).view([images, classes]),
        tolerance,
      );
      return { order: order_M.toArray(), shares: rows(shares_MK), counts };
    });

  it("add up to diag(p) - p pᵀ", () => {
    const { order, shares } = factorsAt(0);
    const l = directions();
    order.forEach((image, i) => {
      for (let a = 0; a < classes; a++) {
        for (let b = 0; b < classes; b++) {
          const sum = l.reduce(
            (total, of, r) => total + (shares[i]?.[r] ?? NaN) * (of[image]?.[a] ?? NaN) * (of[image]?.[b] ?? NaN),
            0,
          );
          const [pa, pb] = [p[image]?.[a] ?? NaN, p[image]?.[b] ?? NaN];
          expect(sum).toBeCloseTo((a === b ? pa : 0) - pa * pb, 12);
        }
      }
    });
  });

  it("are one less than classes, and one where an image is between two", () => {
    expect(factorsAt(0).counts).toEqual(Array.from({ length: images }, () => classes - 1));
    scope(() => {
      const between = tensor(new Float64Array([0.5, 0.5, 0, 0.3, 0, 0.7])).view([2, 3]);
      expect(fisherFactors(between, 0.01).counts).toEqual([1, 1]);
      const sure = tensor(Float64Array.from({ length: 8 }, (_, i) => 1 - (i % 2))).view([4, 2]);
      expect(fisherFactors(sure, 0.01).counts).toEqual([0, 0, 0, 0]);
    });
  });

  it.each([1e-3, 0.05])("are left out from the lightest on, up to %s of the whole", (tolerance) => {
    const all = factorsAt(0);
    const some = factorsAt(tolerance);
    const l = directions();
    let [whole, kept, left, heaviestLeft, lightestKept] = [0, 0, 0, 0, Infinity];
    const factors: number[] = [];
    all.order.forEach((image, i) => {
      const place = some.order.indexOf(image);
      for (let r = 0; r < classes; r++) {
        const share = all.shares[i]?.[r] ?? NaN;
        const square = (l[r]?.[image] ?? []).reduce((sum, value) => sum + value ** 2, 0);
        const now = some.shares[place]?.[r] ?? NaN;
        const weight = share * square;
        whole += weight;
        kept += now * square;
        if (now === 0) {
          left += weight;
          heaviestLeft = Math.max(heaviestLeft, weight);
        } else {
          if (share > 0) factors.push(now / share);
          expect(r).toBeLessThan(some.counts[place] ?? 0);
          lightestKept = Math.min(lightestKept, weight);
        }
      }
    });
    expect(left).toBeLessThanOrEqual(tolerance * whole * (1 + 1e-9));
    expect(kept).toBeCloseTo(whole, 9);
    for (const factor of factors) expect(factor).toBeCloseTo(factors[0] ?? NaN, 9);
    expect(lightestKept).toBeGreaterThan(heaviestLeft);
    expect(some.counts).toEqual(some.counts.toSorted((a, b) => b - a));
    expect(some.order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: images }, (_, n) => n));
    expect(some.counts.reduce((a, b) => a + b)).toBeLessThan(images * (classes - 1));
  });
});
