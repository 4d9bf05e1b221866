import { describe, expect, it } from "vitest";
import { layersChart, sparsityOf } from "../../../../src/report/charts/layers.ts";

describe("zeros per layer", () => {
  it("is the share of weights that are zero", () => {
    expect(sparsityOf({ name: "a", numel: 200, nonzero: 10 })).toBe(0.95);
    expect(sparsityOf({ name: "a", numel: 0, nonzero: 0 })).toBe(0);
  });

  it("draws bars as long as the shares", async () => {
    const layers = [
      { name: "conv1.weight", numel: 100, nonzero: 75 },
      { name: "conv2.weight", numel: 100, nonzero: 0 },
    ];
    const { markup } = await layersChart(layers);
    const bars = (fill: string): number[] =>
      [...markup.matchAll(/<path d="M([\d.]+) [\d.]+L([\d.]+) [^"]*" fill="var\(--(\w+)\)"/g)]
        .filter(([, , , name]) => name === fill)
        .map(([, left, right]) => Number(right) - Number(left) + 4); // both ends are rounded by 2
    const whole = bars("track")[0] ?? 0;
    const shares = bars("model").map((length) => length / whole);
    expect(shares).toHaveLength(2);
    expect(shares[0]).toBeCloseTo(0.25, 2);
    expect(shares[1]).toBeCloseTo(1, 2);
    expect(markup).toContain(">conv1<");
    expect(markup).toContain("25\u202f%");
    expect(markup).toContain("100\u202f%");
    expect(markup).toContain("125 zeros in all");
  });
});
