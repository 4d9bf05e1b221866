import type { EChartsCoreOption } from "echarts/core";
import { describe, expect, it } from "vitest";
import { chartNames, estimateTextWidth, legendHeight, renderChart } from "../../../../src/report/charts/chart.ts";
import fc from "fast-check";
import { hostileName } from "../../../support/hostile-names.ts";
import { elementsOf } from "../markup.ts";

const bars = (name: string): EChartsCoreOption => ({
  legend: { data: [name] },
  xAxis: { type: "category", data: [name, "b"] },
  yAxis: {},
  series: [{ name, type: "bar", data: [1, 2] }],
});
const line = { xAxis: { type: "category", data: ["1", "2"] }, yAxis: {}, series: [{ type: "line", data: [1, 2] }] };
const frame = { width: 300, height: 200, description: 'two "bars" <b>' };

describe("charts", () => {
  it("are plain drawings: no style sheet, no class, no name space, no reference outside", async () => {
    const { markup } = await renderChart(bars("a"), frame);
    expect(elementsOf(markup)[0]?.name).toBe("svg");
    expect(markup).not.toMatch(/<style|class=|ecmeta|xmlns|http/);
    expect(markup).toContain('viewBox="0 0 300 200"');
  });

  it("say what they show", async () => {
    const { markup } = await renderChart(bars("a"), frame);
    expect(markup).toContain('role="img" aria-label="two &quot;bars&quot; &lt;b&gt;"');
  });

  it("escape names", async () => {
    const { markup } = await renderChart(bars('<script>"x"</script>'), frame);
    expect(markup).toContain("&lt;script&gt;");
    expect(new Set(elementsOf(markup).map(({ name }) => name))).toEqual(new Set(["svg", "rect", "path", "text"]));
  });

  it("are the same bytes for the same data", async () => {
    const first = (await renderChart(line, frame)).markup;
    await renderChart(bars("between"), frame);
    expect((await renderChart(line, frame)).markup).toBe(first);
  });

  it("name their parts apart, so that two fit on a page", async () => {
    const ids = async (data: number[]): Promise<string[]> => {
      const { markup } = await renderChart({ ...line, series: [{ type: "line", data }] }, frame);
      return [...markup.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id ?? "");
    };
    const [first, second] = [await ids([1, 2]), await ids([2, 1])];
    expect(first.length).toBeGreaterThan(0);
    expect(first.filter((id) => second.includes(id))).toEqual([]);
  });
});

describe("estimated width of text", () => {
  it("grows with length and size, and knows wide from narrow letters", () => {
    expect(estimateTextWidth("", "12px sans-serif")).toBe(0);
    expect(estimateTextWidth("mmmm", "12px sans-serif")).toBeGreaterThan(estimateTextWidth("illi", "12px sans-serif"));
    expect(estimateTextWidth("abc", "24px sans-serif")).toBeCloseTo(2 * estimateTextWidth("abc", "12px sans-serif"));
    expect(estimateTextWidth("\u6797", "10px serif")).toBe(10);
  });
});

it("leaves a row of height for each row of the legend", () => {
  expect(legendHeight(["FT"], 460)).toBe(20);
  expect(legendHeight(["FT", "GA", "FF", "IU", "l1-sparse"], 460)).toBe(20);
  expect(legendHeight(["fine-tuning on held-out images", "fine-tuning on held-out images"], 460)).toBe(40);
});

describe("names in charts", () => {
  it("are short, on one line, seen, and different from each other", () => {
    fc.assert(
      fc.property(fc.array(hostileName, { maxLength: 5 }), (names) => {
        const short = chartNames([...names, ...names]);
        expect(new Set(short).size).toBe(2 * names.length);
        for (const name of short) expect(name).toMatch(/^[^\n\t\u202e\u200b]{0,41}$/u);
      }),
    );
  });

  it("keep beginning and end where they are cut, and are themselves where they are not", () => {
    expect(chartNames(["FT", "FT", `${"a".repeat(300)} the end`])).toEqual([
      "FT",
      "FT (2)",
      `${"a".repeat(23)}…aaaa the end`,
    ]);
  });
});
