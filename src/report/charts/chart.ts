/**
 * Charts as static SVG, drawn by ECharts without a browser and cleaned for inlining: no script, no style sheet, no
 * reference to anything outside, colours from the page's CSS variables, the same bytes for the same data.
 */
import { createHash } from "node:crypto";
import type { EChartsCoreOption } from "echarts/core";
import { printable } from "../../util/shown.ts";
import { escapeHtml, trusted } from "../html.ts";
import type { Html } from "../html.ts";

/** Colours of the page, by what they stand for. */
export const COLOURS = {
  ink: "var(--ink)",
  muted: "var(--muted)",
  rule: "var(--rule)",
  track: "var(--track)",
  model: "var(--model)",
  oracle: "var(--oracle)",
  before: "var(--before)",
  blue: "var(--blue)",
  violet: "var(--violet)",
  gold: "var(--gold)",
} as const;

/** Font of every label; the size is fixed so that charts side by side agree. */
export const TEXT_STYLE = { fontFamily: "inherit", fontSize: 12, color: COLOURS.muted } as const;

export interface ChartFrame {
  /** Width in CSS pixels at which it is laid out; the page scales it down, never up. */
  readonly width: number;
  readonly height: number;
  /** What the chart shows, for those who cannot see it. */
  readonly description: string;
}

type Echarts = typeof import("echarts/core");
let loading: Promise<Echarts> | undefined;

/** Draws one chart. ECharts takes half a second to load, so it is loaded with the first chart. */
export async function renderChart(option: EChartsCoreOption, frame: ChartFrame): Promise<Html> {
  loading ??= loadEcharts();
  const echarts = await loading;
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: frame.width, height: frame.height });
  try {
    chart.setOption({ animation: false, textStyle: TEXT_STYLE, ...option });
    return trusted(cleanSvg(chart.renderToSVGString(), frame));
  } finally {
    chart.dispose(); // a chart left alive keeps Node from exiting
  }
}

async function loadEcharts(): Promise<Echarts> {
  const [echarts, charts, components, renderers] = await Promise.all([
    import("echarts/core"),
    import("echarts/charts"),
    import("echarts/components"),
    import("echarts/renderers"),
  ]);
  echarts.use([
    charts.BarChart,
    charts.LineChart,
    charts.RadarChart,
    charts.ScatterChart,
    components.GridComponent,
    components.LegendComponent,
    components.RadarComponent,
    renderers.SVGRenderer,
  ]);
  // ECharts' own estimate without a DOM is too narrow and lets legend entries overlap.
  echarts.setPlatformAPI({ measureText: (text, font) => ({ width: estimateTextWidth(text, font ?? "12px") }) });
  return echarts;
}

/** Width of text in a sans-serif font, from classes of letters; a little generous. */
export function estimateTextWidth(text: string, font: string): number {
  const size = Number(/([\d.]+)px/.exec(font)?.[1] ?? 12);
  let ems = 0;
  for (const letter of text) {
    if (/[ijlt.,:;'|!() ]/.test(letter)) ems += 0.36;
    else if (/[A-Z%@mwMW]/.test(letter)) ems += 0.78;
    else ems += letter.charCodeAt(0) > 0x2e80 ? 1 : 0.6;
  }
  return ems * size;
}

/** Leaves drawing only, and makes what must be named unique by the chart's own content. */
function cleanSvg(svg: string, { width, height, description }: ChartFrame): string {
  const drawing = svg
    .replace(/^<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replaceAll(/<style[\s\S]*?<\/style>/g, "")
    .replaceAll(/ (?:class|pointer-events|ecmeta_\w+)="[^"]*"/g, "")
    .replaceAll(/\bzr\d+-/g, "zr-")
    .trim();
  const prefix = createHash("sha256").update(drawing).digest("hex").slice(0, 8);
  const viewBox = `viewBox="0 0 ${width} ${height}" style="max-width:${width}px"`;
  return `<svg role="img" aria-label="${escapeHtml(description)}" ${viewBox}>${drawing.replaceAll("zr-", `c${prefix}-`)}</svg>`;
}

/** Letters of a name in a chart, so that it leaves room for the drawing. */
const LONGEST_NAME = 36;

/** Names for legends and axes: long ones cut in the middle, and no two alike, since a legend knows its lines by name. */
export function chartNames(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    const short = cutName(printable(name).replaceAll(/\s+/g, " "));
    let free = short;
    for (let nth = 2; used.has(free); nth++) free = `${short} (${nth})`;
    used.add(free);
    return free;
  });
}

function cutName(name: string): string {
  const letters = Array.from(name);
  if (letters.length <= LONGEST_NAME) return name;
  const end = Math.floor(LONGEST_NAME / 3);
  return `${letters.slice(0, LONGEST_NAME - end - 1).join("")}…${letters.slice(-end).join("")}`;
}

const LEGEND_ROW = 20;

/** Height of a legend of these names below a chart; the chart grows by it. */
export function legendHeight(names: readonly string[], chartWidth: number): number {
  let [rows, used] = [1, 0];
  for (const name of names) {
    const width = 45 + 7 * name.length;
    if (used > 0 && used + width > chartWidth) [rows, used] = [rows + 1, 0];
    used += width;
  }
  return LEGEND_ROW * rows;
}
