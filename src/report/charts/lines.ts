/** Lines over a few values of one quantity, a logarithmic axis upwards where asked for. */
import type { Html } from "../html.ts";
import { chartNames, COLOURS, legendHeight, renderChart, TEXT_STYLE } from "./chart.ts";

const LINE_COLOURS = [COLOURS.model, COLOURS.blue, COLOURS.violet, COLOURS.gold, COLOURS.ink, COLOURS.before] as const;

const WIDTH = 460;

export interface Line {
  readonly name: string;
  /** One for each position; undefined where there is none. */
  readonly values: ReadonlyArray<number | undefined>;
  /** Retrain is orange and dashed; what was published is dotted, in the colour of the line of this name. */
  readonly role?: "oracle" | { readonly publishedOf: string };
}

export interface LinesFrame {
  readonly title: string;
  /** What the positions are. */
  readonly positions: readonly string[];
  readonly logarithmic?: boolean;
  /** Of fractions: the axis is in percent. */
  readonly percent?: boolean;
  /** The axis begins near the lowest value instead of at zero. */
  readonly zoomed?: boolean;
  readonly description: string;
}

export async function linesChart(given: readonly Line[], frame: LinesFrame): Promise<Html> {
  const lines = withShortNames(given);
  const { title, positions, logarithmic = false, percent = false, zoomed = false, description } = frame;
  const label = (value: number): string => {
    if (percent) return String(Math.round(100 * value));
    return logarithmic ? power(value) : String(value);
  };
  const named = lines.filter(({ role }) => role === undefined || role === "oracle").map(({ name }) => name);
  const below = legendHeight(named, WIDTH);
  const option = {
    legend: {
      bottom: 0,
      data: named,
      textStyle: TEXT_STYLE,
    },
    grid: { left: 8, right: 16, top: 30, bottom: 20 + below, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: {
      type: "category",
      data: [...positions],
      boundaryGap: false,
      axisLabel: { ...TEXT_STYLE, interval: 0 },
      axisLine: { lineStyle: { color: COLOURS.rule } },
      axisTick: { show: false },
    },
    yAxis: {
      type: logarithmic ? "log" : "value",
      scale: zoomed,
      name: title,
      nameTextStyle: { ...TEXT_STYLE, align: "left" },
      nameLocation: "end",
      axisLabel: { ...TEXT_STYLE, formatter: label },
      splitLine: { lineStyle: { color: COLOURS.rule } },
    },
    series: lines.map((line) => ({ type: "line", silent: true, connectNulls: true, ...styleOf(line, lines) })),
  };
  return renderChart(option, { width: WIDTH, height: 260 + below, description });
}

/** What was published keeps pointing at its line. */
function withShortNames(lines: readonly Line[]): Line[] {
  const names = chartNames(lines.map(({ name }) => name));
  const shortOf = (name: string): string => names[lines.findIndex((line) => line.name === name)] ?? name;
  return lines.map(({ role, ...line }, index) => ({
    ...line,
    name: names[index] ?? line.name,
    ...(role === undefined ? {} : { role: role === "oracle" ? role : { publishedOf: shortOf(role.publishedOf) } }),
  }));
}

/** A tick of a logarithmic axis, which is a power of ten up to rounding. */
function power(value: number): string {
  const exponent = Math.round(Math.log10(value));
  return Math.abs(exponent) <= 2 ? String(10 ** exponent) : `1e${exponent}`;
}

function styleOf({ name, values, role }: Line, lines: readonly Line[]): object {
  const color = colourOf(role === undefined || role === "oracle" ? name : role.publishedOf, lines);
  const published = role !== undefined && role !== "oracle";
  const type = role === "oracle" ? "dashed" : published ? "dotted" : "solid";
  return {
    name,
    symbol: published ? "emptyDiamond" : "circle",
    symbolSize: published ? 9 : 6,
    lineStyle: { width: published ? 1.5 : 2, color, type },
    itemStyle: { color },
    data: values.map((value) => value ?? "-"),
  };
}

function colourOf(name: string, lines: readonly Line[]): string {
  const own = lines.filter(({ role }) => role === undefined);
  const index = own.findIndex((line) => line.name === name);
  return index < 0 ? COLOURS.oracle : (LINE_COLOURS[index % LINE_COLOURS.length] ?? COLOURS.ink);
}
