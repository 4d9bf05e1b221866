import { describe, expect, it } from "vitest";
import { type Cloud, scatterChart, type ScatterFrame } from "../../../../src/report/charts/scatter.ts";

const clouds: Cloud[] = [
  {
    name: "dense",
    points: [
      [0.001, 0.2],
      [0.1, 0.4],
    ],
  },
  { name: "sparse", points: [[0.01, 0.9]] },
];
const frame: ScatterFrame = { title: "UA, percent", xName: "training loss", description: "test" };

const textsIn = (markup: string): string[] => [...markup.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text = ""]) => text);

describe("points of a few kinds", () => {
  it("name both axes and every kind", async () => {
    const texts = textsIn((await scatterChart(clouds, frame)).markup);
    expect(texts).toEqual(expect.arrayContaining(["UA, percent", "training loss", "dense", "sparse"]));
  });

  it("have percent upwards, and orders of magnitude to the right unless the axis is linear", async () => {
    const logarithmic = textsIn((await scatterChart(clouds, frame)).markup);
    expect(logarithmic).toEqual(expect.arrayContaining(["0.001", "0.01", "0.1", "100"]));
    const linear = textsIn((await scatterChart(clouds, { ...frame, xScale: "linear" })).markup);
    expect(linear).toEqual(expect.arrayContaining(["0", "0.02", "0.1"]));
    expect(linear).not.toContain("0.001");
  });

  it("differ by colour, one mark a point", async () => {
    const { markup } = await scatterChart(clouds, frame);
    const marks = (colour: string): number =>
      markup.match(new RegExp(`<path [^>]*fill="var\\(--${colour}\\)"`, "g"))?.length ?? 0;
    expect([marks("before"), marks("model")]).toEqual([2 + 1, 1 + 1]); // and one each in the legend
  });
});
