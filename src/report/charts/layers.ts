/** Share of zeros in every weight tensor, first layer on top. */
import type { Html } from "../html.ts";
import { integer, percent } from "../../format/index.ts";
import { chartNames, COLOURS, renderChart, TEXT_STYLE } from "./chart.ts";

export interface LayerCount {
  readonly name: string;
  readonly numel: number;
  readonly nonzero: number;
}

/** Share of weights that are zero, 0 to 1. */
export function sparsityOf({ numel, nonzero }: LayerCount): number {
  return numel === 0 ? 0 : 1 - nonzero / numel;
}

/** Draws one bar per layer. */
export async function layersChart(layers: readonly LayerCount[]): Promise<Html> {
  const axis = {
    type: "category",
    inverse: true,
    axisLabel: { ...TEXT_STYLE, fontSize: 11, interval: 0 },
    axisTick: { show: false },
    axisLine: { show: false },
  };
  const option = {
    grid: { left: 4, right: 4, top: 4, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: { type: "value", min: 0, max: 1, show: false },
    yAxis: [
      { ...axis, data: chartNames(layers.map(({ name }) => name.replace(/\.weight$/, ""))) },
      { ...axis, position: "right", data: layers.map((layer) => percent(sparsityOf(layer))) },
    ],
    series: [
      {
        type: "bar",
        silent: true,
        barWidth: 9,
        showBackground: true,
        backgroundStyle: { color: COLOURS.track, borderRadius: 2 },
        itemStyle: { color: COLOURS.model, borderRadius: 2 },
        data: layers.map(sparsityOf),
      },
    ],
  };
  const zeros = layers.reduce((sum, { numel, nonzero }) => sum + numel - nonzero, 0);
  const description = `Share of zeros in each of ${layers.length} weight tensors; ${integer(zeros)} zeros in all.`;
  return renderChart(option, { width: 460, height: 16 * layers.length + 12, description });
}
