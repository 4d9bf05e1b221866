import { describe, expect, it } from "vitest";
import { axisEndsFor, radarChart } from "../../../../src/report/charts/radar.ts";
import { valuesOf } from "../../../../src/report/scores.ts";
import { FINE_TUNED, RETRAIN, scores as metrics } from "../made-up-records.ts";

const scores = (values: Parameters<typeof metrics>[0]): ReturnType<typeof valuesOf> => valuesOf(metrics(values));

describe("radar", () => {
  it("fits the axes of UA and MIA to the largest value, those of RA and TA are whole", () => {
    const small = [scores([0.054, 0.13, 1, 0.94]), scores([0.068, 0.15, 0.97, 0.9])];
    expect(axisEndsFor(small)).toEqual({ UA: 0.1, MIA: 0.2, RA: 1, TA: 1 });
    expect(axisEndsFor([scores(RETRAIN)])).toEqual({ UA: 1, MIA: 1, RA: 1, TA: 1 });
    expect(axisEndsFor([scores([0, 0, 0, 0])])).toEqual({ UA: 0.02, MIA: 0.02, RA: 1, TA: 1 });
  });

  it("puts a value at the end of its axis onto the rim, on the axis's own side", async () => {
    const axisEnds = { UA: 1, MIA: 1, RA: 1, TA: 1 };
    const options = { size: 400, legend: false, axisEnds, description: "test" };
    const { markup } = await radarChart([{ name: "model", role: "model", values: scores([1, 0, 0, 0]) }], options);
    // Centre at half of 400 x 344; radius 72 % of half the height: UA points straight up.
    const [, x, y] = /<polyline points="([\d.]+) ([\d.]+) [^>]*stroke="var\(--model\)"/.exec(markup) ?? [];
    expect(Number(x)).toBeCloseTo(200, 0);
    expect(Number(y)).toBeCloseTo(172 - 0.72 * 172, 0);
  });

  it("names its series only where there is a legend, and tells Retrain by dashes", async () => {
    const series = [
      { name: "my model", role: "model" as const, values: scores(FINE_TUNED) },
      { name: "Retrain", role: "oracle" as const, values: scores(RETRAIN) },
    ];
    const axisEnds = axisEndsFor(series.map((each) => each.values));
    const alone = await radarChart(series, { size: 400, legend: true, axisEnds, description: "test" });
    const small = await radarChart(series, { size: 200, legend: false, axisEnds, description: "test" });
    expect(alone.markup).toContain("my model");
    expect(small.markup).not.toContain("my model");
    expect(small.markup).toMatch(/stroke="var\(--oracle\)"[^>]*stroke-dasharray/);
  });
});
