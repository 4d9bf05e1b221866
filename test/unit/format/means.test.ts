import { describe, expect, it } from "vitest";
import { meanInPoints, meanWithInterval } from "../../../src/format/means.ts";
import { summarize } from "../../../src/statistics/statistics.ts";

describe("means", () => {
  it("stand with interval and number; of one value there is no interval", () => {
    const write = (value: number): string => value.toFixed(2);
    // ± t s / √n = 4.303 · 0.1 / √3
    expect(meanWithInterval(summarize([1.1, 1.2, 1.3]), write, " times FT's")).toBe(
      "1.20 times FT's (95 % interval 0.95 to 1.45, n = 3)",
    );
    expect(meanWithInterval(summarize([1.1]), write)).toBe("1.10 (no interval, n = 1)");
  });

  it("of differences of fractions are in points", () => {
    expect(meanInPoints([-0.12, -0.13])).toBe("−12.5 points (95 % interval −18.9 to −6.1, n = 2)");
    expect(meanInPoints([])).toBe("no values");
  });
});
