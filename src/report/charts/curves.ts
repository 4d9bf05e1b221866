/** Learning curves: loss, accuracy and, where there are any, exact zeros over the epochs. */
import type { MetricLine } from "../../record/index.ts";
import type { Html } from "../html.ts";
import { COLOURS, renderChart, TEXT_STYLE } from "./chart.ts";

const FRAME = { width: 460, height: 260 };
/** Up to here every epoch gets a dot. */
const DOTTED_EPOCHS = 15;
/** A loss that falls by more than this needs a logarithmic axis. */
const LOG_RATIO = 50;

interface Curve {
  readonly name: string;
  readonly color: string;
  readonly values: ReadonlyArray<number | undefined>;
}

/** Mean loss of each epoch; logarithmic where it spans decades. */
export async function lossChart(history: readonly MetricLine[]): Promise<Html> {
  const losses = history.map(({ loss }) => loss);
  const smallest = Math.min(...losses);
  const logarithmic = smallest > 0 && Math.max(...losses) / smallest > LOG_RATIO;
  const axis = logarithmic ? { type: "log" } : { type: "value", min: Math.min(0, smallest) };
  return curvesChart(history, [{ name: "training loss", color: COLOURS.model, values: losses }], {
    axis,
    description: `Training loss over ${history.length} epochs, from ${losses[0]} to ${losses.at(-1)}.`,
  });
}

/** Accuracy of each epoch, on the batches and on the validation part. */
export async function accuracyChart(history: readonly MetricLine[]): Promise<Html> {
  const validation = history.map(({ validationAccuracy }) => validationAccuracy);
  const training = { name: "training", color: COLOURS.model, values: history.map(({ accuracy }) => accuracy) };
  const curves = [
    training,
    ...(validation.some((value) => value !== undefined)
      ? [{ name: "validation", color: COLOURS.ink, values: validation }]
      : []),
  ];
  const shown = curves.flatMap(({ values }) => values).filter((value) => value !== undefined);
  const smallest = Math.min(0.9, Math.floor(Math.min(...shown) * 10) / 10);
  return curvesChart(history, curves, {
    axis: {
      type: "value",
      min: smallest,
      max: 1,
      axisLabel: { ...TEXT_STYLE, formatter: (value: number) => `${Math.round(value * 100)} %` },
    },
    description: `Accuracy over ${history.length} epochs, from ${training.values[0]} to ${training.values.at(-1)} on the training batches.`,
  });
}

/** Weights exactly zero after each epoch; undefined when no line counts them, or none ever is. */
export async function zerosChart(history: readonly MetricLine[]): Promise<Html | undefined> {
  const zeros = history.map((line) => line.zeros);
  if (!zeros.some((value) => value !== undefined && value > 0)) return undefined;
  return curvesChart(history, [{ name: "weights exactly zero", color: COLOURS.model, values: zeros }], {
    axis: { type: "value" },
    description: `Weights exactly zero over ${history.length} epochs, ${zeros.at(-1)} at the end.`,
  });
}

async function curvesChart(
  history: readonly MetricLine[],
  curves: readonly Curve[],
  { axis, description }: { readonly axis: object; readonly description: string },
): Promise<Html> {
  const option = {
    grid: {
      left: 8,
      right: 16,
      top: 16,
      bottom: curves.length > 1 ? 46 : 22,
      outerBoundsMode: "same",
      outerBoundsContain: "axisLabel",
    },
    ...(curves.length > 1
      ? { legend: { bottom: 0, right: 12, data: curves.map(({ name }) => name), textStyle: TEXT_STYLE } }
      : {}),
    xAxis: {
      type: "category",
      name: "epoch",
      nameLocation: "middle",
      nameGap: 26,
      nameTextStyle: TEXT_STYLE,
      boundaryGap: false,
      data: history.map(({ epoch }) => String(epoch)),
      axisLabel: TEXT_STYLE,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: COLOURS.rule } },
    },
    yAxis: { splitNumber: 4, axisLabel: TEXT_STYLE, splitLine: { lineStyle: { color: COLOURS.rule } }, ...axis },
    series: curves.map(({ name, color, values }) => ({
      type: "line",
      name,
      silent: true,
      data: values.map((value) => value ?? "-"),
      showSymbol: history.length <= DOTTED_EPOCHS,
      symbol: "circle",
      symbolSize: 5,
      itemStyle: { color },
      lineStyle: { color, width: 2 },
    })),
  };
  return renderChart(option, { ...FRAME, description });
}
