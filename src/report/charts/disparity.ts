/** Bars of Disparity Ave. per method, one bar per original: the shorter, the closer to Retrain. */
import type { Html } from "../html.ts";
import { chartNames, COLOURS, renderChart, TEXT_STYLE } from "./chart.ts";

/** Colours of the originals, the dense one first. */
const GROUP_COLOURS = [COLOURS.before, COLOURS.model, COLOURS.ink] as const;

export interface DisparityGroup {
  /** Which original. */
  readonly name: string;
  /** Disparity Ave. by method, 0 to 1; undefined where it was not measured. */
  readonly values: ReadonlyArray<number | undefined>;
}

/** Draws the bars. */
export async function disparityChart(methods: readonly string[], groups: readonly DisparityGroup[]): Promise<Html> {
  const groupNames = chartNames(groups.map(({ name }) => name));
  const option = {
    legend: { bottom: 0, data: groupNames, textStyle: TEXT_STYLE },
    grid: { left: 4, right: 56, top: 4, bottom: 34, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: { type: "value", min: 0, show: false },
    yAxis: {
      type: "category",
      inverse: true,
      data: chartNames(methods),
      axisLabel: { ...TEXT_STYLE, color: COLOURS.ink, interval: 0 },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: COLOURS.rule } },
    },
    series: groups.map(({ values }, index) => ({
      type: "bar",
      name: groupNames[index],
      silent: true,
      barMaxWidth: 14,
      barGap: "15%",
      itemStyle: { color: GROUP_COLOURS[index % GROUP_COLOURS.length], borderRadius: [0, 2, 2, 0] },
      label: {
        show: true,
        position: "right",
        ...TEXT_STYLE,
        formatter: ({ value }: { value: number | string }) =>
          typeof value === "number" ? (value * 100).toFixed(1) : "",
      },
      data: values.map((value) => value ?? "-"),
    })),
  };
  const description = `Disparity Ave. of ${methods.join(", ")} for ${groups.map(({ name }) => name).join(" and ")}; the table holds the numbers.`;
  return renderChart(option, {
    width: 460,
    height: 26 * methods.length * Math.max(1, groups.length) * 0.8 + 60,
    description,
  });
}
