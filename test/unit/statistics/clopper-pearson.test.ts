import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { clopperPearson } from "../../../src/statistics/clopper-pearson.ts";
import { thrownBy } from "../../support/thrown-by.ts";

interface Interval {
  readonly hits: number;
  readonly count: number;
  readonly confidence: number;
  readonly interval: [number, number];
}

const path = new URL("../../golden/evaluate/intervals.json", import.meta.url);
const { clopper_pearson: intervals } = JSON.parse(readFileSync(path, "utf8")) as { clopper_pearson: Interval[] };

describe("clopperPearson", () => {
  it.each(intervals)("equals scipy for $hits of $count at $confidence", ({ hits, count, confidence, interval }) => {
    const [low, high] = clopperPearson(hits, count, confidence);
    expect(Math.abs(low - interval[0])).toBeLessThan(1e-10);
    expect(Math.abs(high - interval[1])).toBeLessThan(1e-10);
  });

  it("has the closed form 1 - (α/2)^(1/n) for no hits", () => {
    expect(clopperPearson(0, 32)).toEqual([0, expect.closeTo(1 - 0.025 ** (1 / 32), 12)]);
    expect(clopperPearson(32, 32)).toEqual([expect.closeTo(0.025 ** (1 / 32), 12), 1]);
  });

  it("is 95 % wide unless told otherwise, and wider at 99 %", () => {
    expect(clopperPearson(3, 10)).toEqual(clopperPearson(3, 10, 0.95));
    expect(clopperPearson(3, 10, 0.99)[0]).toBeLessThan(clopperPearson(3, 10)[0]);
  });

  it.each([
    ["count", () => clopperPearson(0, 0)],
    ["hits", () => clopperPearson(4, 3)],
    ["hits", () => clopperPearson(0.5, 3)],
    ["confidence", () => clopperPearson(1, 3, 1)],
  ])("refuses an impossible %s", (name, call) => {
    expect(thrownBy(call)).toMatchObject({ code: "E_ARG", message: expect.stringContaining(`clopperPearson.${name}`) });
  });
});
