import { describe, expect, it } from "vitest";
import { markerKey, positionChart } from "../../../../src/report/run/position.ts";
import { metric } from "../made-up-records.ts";

describe("position of a score", () => {
  it("runs from 0 at the left end of the line to 100 % at its right", () => {
    const at = (value: number): number =>
      Number(
        /<circle\s+cx="([\d.]+)"/.exec(
          positionChart({ model: metric(value), before: undefined, oracle: undefined }).markup,
        )?.[1],
      );
    expect([at(0), at(0.5), at(1)]).toEqual([8, 90, 172]);
  });

  it("draws what is known, and explains it", () => {
    const all = positionChart({ model: metric(0.5), before: metric(0.1), oracle: metric(0.9) }).markup;
    const alone = positionChart({ model: metric(0.5), before: undefined, oracle: undefined }).markup;
    expect(all).toContain("var(--oracle)");
    expect(all).toContain("var(--before)");
    expect(alone).not.toMatch(/--oracle|--before/);
    expect(markerKey(true, true).markup).toMatch(/Retrain[^]*before forgetting/);
    expect(markerKey(false, false).markup).not.toMatch(/Retrain|before/);
  });
});
