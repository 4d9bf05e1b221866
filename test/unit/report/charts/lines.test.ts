import { describe, expect, it } from "vitest";
import { type Line, linesChart, type LinesFrame } from "../../../../src/report/charts/lines.ts";

const frame: LinesFrame = { title: "UA, percent", positions: ["0", "50", "95"], description: "test" };

async function textsOf(lines: readonly Line[], changes: Partial<LinesFrame> = {}): Promise<string[]> {
  const { markup } = await linesChart(lines, { ...frame, ...changes });
  return [...markup.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text = ""]) => text);
}

describe("lines", () => {
  it("name their axis, every position and every line but the published ones", async () => {
    const texts = await textsOf([
      { name: "FT", values: [0.1, undefined, 0.7] },
      { name: "Retrain", values: [1, 1, 1], role: "oracle" },
      { name: "FT, published", values: [0.2, undefined, 0.7], role: { publishedOf: "FT" } },
    ]);
    expect(texts).toEqual(expect.arrayContaining(["UA, percent", "0", "50", "95", "FT", "Retrain"]));
    expect(texts).not.toContain("FT, published");
  });

  it("have percent on the axis where they are shares, and powers of ten on a logarithmic one", async () => {
    expect(await textsOf([{ name: "FT", values: [0, 0.5, 1] }], { percent: true })).toContain("100");
    const powers = await textsOf([{ name: "bound", values: [1e-6, 1e-3, 1] }], { logarithmic: true });
    expect(powers).toEqual(expect.arrayContaining(["1e-6", "1e-3", "1"]));
  });

  it("begin at zero unless they are zoomed", async () => {
    const lines = [{ name: "FT", values: [0.91, 0.92, 0.93] }];
    expect((await textsOf(lines, { percent: true, positions: ["a", "b", "c"] })).includes("0")).toBe(true);
    expect((await textsOf(lines, { percent: true, positions: ["a", "b", "c"], zoomed: true })).includes("0")).toBe(
      false,
    );
  });

  it("are dashed and orange for Retrain, dotted and in the colour of their line where published", async () => {
    const { markup } = await linesChart(
      [
        { name: "GA", values: [0.1, 0.2, 0.3] },
        { name: "FT", values: [0.4, 0.5, 0.6] },
        { name: "Retrain", values: [1, 1, 1], role: "oracle" },
        { name: "FT, published", values: [0.7, 0.8, 0.9], role: { publishedOf: "FT" } },
      ],
      frame,
    );
    const strokes = [
      ...markup.matchAll(/<path [^>]*fill="none" stroke="(var\(--[a-z]+\))"([^>]*)linejoin="bevel"/g),
    ].map(([, colour, rest = ""]) => `${colour}${rest.includes("dasharray") ? " broken" : ""}`);
    expect(strokes).toEqual(["var(--model)", "var(--blue)", "var(--oracle) broken", "var(--blue) broken"]);
  });
});
