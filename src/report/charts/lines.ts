/** Lines over a few values of one quantity, a logarithmic axis upwards where asked for. */
import type { Html } from "../html.ts";
import { COLOURS, renderChart, TEXT_STYLE } from "./chart.ts";

const LINE_COLOURS = [COLOURS.model, COLOURS.before, COLOURS.ink, COLOURS.oracle] as const;

export interface Line {
  readonly name: string;
  /** One for each position; undefined where there is none. */
  readonly values: ReadonlyArray<number | undefined>;
}

export interface LinesFrame {
  readonly title: string;
  /** What the positions are. */
  readonly positions: readonly string[];
  readonly logarithmic?: boolean;
  readonly description: string;
}

export async function linesChart(lines: readonly Line[], frame: LinesFrame): Promise<Html> {
  const { title, positions, logarithmic = false, description } = frame;
  const option = {
    legend: { bottom: 0, data: lines.map(({ name }) => name), textStyle: TEXT_STYLE },
    grid: { left: 8, right: 16, top: 30, bottom: 40, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
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
      name: title,
      nameTextStyle: { ...TEXT_STYLE, align: "left" },
      nameLocation: "end",
      axisLabel: { ...TEXT_STYLE, formatter: (value: number) => (logarithmic ? power(value) : String(value)) },
      splitLine: { lineStyle: { color: COLOURS.rule } },
    },
    series: lines.map(({ name, values }, index) => {
      const color = LINE_COLOURS[index % LINE_COLOURS.length];
      return {
        type: "line",
        name,
        silent: true,
        symbol: "circle",
        symbolSize: 6,
        lineStyle: { width: 2, color },
        itemStyle: { color },
        data: values.map((value) => value ?? "-"),
      };
    }),
  };
  return renderChart(option, { width: 460, height: 280, description });
}

/** A tick of a logarithmic axis, which is a power of ten up to rounding. */
function power(value: number): string {
  const exponent = Math.round(Math.log10(value));
  return Math.abs(exponent) <= 2 ? String(10 ** exponent) : `1e${exponent}`;
}
