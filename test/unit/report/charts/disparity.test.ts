import { describe, expect, it } from "vitest";
import { disparityChart } from "../../../../src/report/charts/disparity.ts";

describe("bars of Disparity Ave.", () => {
  it("labels every bar in points and leaves out what was not measured", async () => {
    const { markup } = await disparityChart(
      ["FT", "GA"],
      [
        { name: "dense", values: [0.2578, undefined] },
        { name: "95 % pruned", values: [0.115, 0.0641] },
      ],
    );
    const texts = [...markup.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
    expect(texts.toSorted()).toEqual(["FT", "GA", "dense", "95 % pruned", "25.8", "11.5", "6.4"].toSorted());
  });
});
