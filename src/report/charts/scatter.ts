/** Points of a few kinds over a quantity, by default one that spans orders of magnitude. */
import type { Html } from "../html.ts";
import { chartNames, COLOURS, legendHeight, renderChart, TEXT_STYLE } from "./chart.ts";

export interface Cloud {
  readonly name: string;
  readonly points: ReadonlyArray<readonly [x: number, y: number]>;
}

export interface ScatterFrame {
  readonly title: string;
  readonly xName: string;
  /** Of the axis to the right; default `log`, for x > 0. */
  readonly xScale?: "log" | "linear";
  readonly description: string;
}

const CLOUD_COLOURS = [COLOURS.before, COLOURS.model, COLOURS.blue, COLOURS.violet, COLOURS.gold] as const;
/** Not as many as colours, so that the pairs differ for long. */
const SYMBOLS = ["circle", "diamond", "triangle", "rect", "pin", "arrow", "roundRect"] as const;

const WIDTH = 460;

/** Fractions upwards, in percent. */
export async function scatterChart(clouds: readonly Cloud[], frame: ScatterFrame): Promise<Html> {
  const axis = { axisLine: { lineStyle: { color: COLOURS.rule } }, splitLine: { lineStyle: { color: COLOURS.rule } } };
  const names = chartNames(clouds.map(({ name }) => name));
  const below = legendHeight(names, WIDTH);
  const option = {
    legend: { bottom: 0, data: names, textStyle: TEXT_STYLE },
    grid: { left: 8, right: 24, top: 30, bottom: 42 + below, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: {
      ...axis,
      type: frame.xScale === "linear" ? "value" : "log",
      name: frame.xName,
      nameLocation: "middle",
      nameGap: 24,
      nameTextStyle: TEXT_STYLE,
      axisLabel: { ...TEXT_STYLE, formatter: (value: number) => String(Number(value.toPrecision(3))) },
    },
    yAxis: {
      ...axis,
      type: "value",
      name: frame.title,
      nameTextStyle: { ...TEXT_STYLE, align: "left" },
      nameLocation: "end",
      axisLabel: { ...TEXT_STYLE, formatter: (value: number) => String(Math.round(100 * value)) },
    },
    series: clouds.map(({ points }, index) => ({
      type: "scatter",
      name: names[index],
      silent: true,
      symbol: SYMBOLS[index % SYMBOLS.length],
      symbolSize: 10,
      itemStyle: { color: CLOUD_COLOURS[index % CLOUD_COLOURS.length] },
      data: points.map(([x, y]) => [x, y]),
    })),
  };
  return renderChart(option, { width: WIDTH, height: 280 + below, description: frame.description });
}
