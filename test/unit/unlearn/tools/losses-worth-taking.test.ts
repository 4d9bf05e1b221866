import { describe, expect, it } from "vitest";
import { Generator, randn, scope, tensor } from "../../../../src/torch/index.ts";
import { lossesWorthTaking } from "../../../../src/unlearn/tools/losses-worth-taking.ts";

/** p_y ‖p - e_y‖², by hand. */
const weight = (p: readonly number[], y: number): number =>
  (p[y] ?? 0) * p.reduce((sum, value, k) => sum + (value - (k === y ? 1 : 0)) ** 2, 0);

it("takes all terms of images that are all alike: none is lighter than another", () => {
  scope(() => {
    const alike = tensor(new Float64Array(20).fill(0.5)).view([10, 2]);
    expect(lossesWorthTaking(alike, 0.01).counts).toEqual(Array.from({ length: 10 }, () => 2));
    const sure = tensor(Float64Array.from({ length: 8 }, (_, i) => 1 - (i % 2))).view([4, 2]);
    expect(lossesWorthTaking(sure, 0.01).counts).toEqual([0, 0, 0, 0]);
  });
});

describe("terms of the Fisher information", () => {
  const predictions = scope(() =>
    randn([40, 5], { generator: Generator.seeded(1), dtype: "float64" })
      .mul(4)
      .softmax(1)
      .toArray(),
  );
  const rows = Array.from({ length: 40 }, (_, n) => predictions.slice(5 * n, 5 * n + 5));
  const total = rows.flatMap((p) => p.map((_, y) => weight(p, y))).reduce((a, b) => a + b);

  it.each([0, 1e-3, 0.05])("are left out from the lightest on, up to %s of the whole", (tolerance) => {
    scope(() => {
      const plan = lossesWorthTaking(tensor(Float64Array.from(predictions)).view([40, 5]), tolerance);
      const [order, classes, shares] = [plan.order_M, plan.classes_MK, plan.shares_MK].map((t) => t.toArray());
      let [left, heaviestLeft, lightestTaken] = [0, 0, Infinity];
      order?.forEach((image, i) => {
        for (let r = 0; r < 5; r++) {
          const y = classes?.[5 * i + r] ?? -1;
          const p = rows[image] ?? [];
          const share = shares?.[5 * i + r] ?? 0;
          if (share === 0) {
            left += weight(p, y);
            heaviestLeft = Math.max(heaviestLeft, weight(p, y));
          } else {
            expect(share).toBeCloseTo(p[y] ?? 0, 12);
            expect(r).toBeLessThan(plan.counts[i] ?? 0);
            lightestTaken = Math.min(lightestTaken, weight(p, y));
          }
        }
      });
      expect(left).toBeLessThanOrEqual(tolerance * total * (1 + 1e-9));
      expect(lightestTaken).toBeGreaterThan(heaviestLeft);
      expect(plan.counts).toEqual(plan.counts.toSorted((a, b) => b - a));
      expect(order?.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
      if (tolerance === 0) expect(plan.counts.every((count) => count === 5)).toBe(true);
      else expect(plan.counts.reduce((a, b) => a + b)).toBeLessThan(200);
    });
  });
});
