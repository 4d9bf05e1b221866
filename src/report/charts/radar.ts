/** Radar of UA, MIA, RA and TA. Every axis starts at 0; UA and MIA end where the shown values need it, RA and TA at 100 %. */
import type { Html } from "../html.ts";
import { percent } from "../../format/index.ts";
import { SCORE_KEYS } from "../scores.ts";
import type { ScoreKey } from "../scores.ts";
import { COLOURS, renderChart, TEXT_STYLE } from "./chart.ts";

const AXIS_ENDS = [0.02, 0.05, 0.1, 0.2, 0.5, 1];

/** What a polygon stands for decides its look: the model is filled, Retrain dashed, the original dotted. */
export type RadarRole = "model" | "oracle" | "before";

export interface RadarSeries {
  readonly name: string;
  readonly role: RadarRole;
  readonly values: Readonly<Record<ScoreKey, number>>;
}

export interface RadarOptions {
  readonly size: number;
  /** Legend and axis ends, for a chart that stands alone. */
  readonly legend: boolean;
  readonly axisEnds: Readonly<Record<ScoreKey, number>>;
  readonly description: string;
}

/** The end of each axis that fits all of the values. */
export function axisEndsFor(all: ReadonlyArray<Readonly<Record<ScoreKey, number>>>): Record<ScoreKey, number> {
  const end = (key: ScoreKey): number => {
    const largest = Math.max(...all.map((values) => values[key]));
    return AXIS_ENDS.find((candidate) => largest <= candidate) ?? 1;
  };
  return { UA: end("UA"), MIA: end("MIA"), RA: 1, TA: 1 };
}

/** Draws the radar. */
export async function radarChart(series: readonly RadarSeries[], options: RadarOptions): Promise<Html> {
  const { size, legend, axisEnds, description } = options;
  const height = size * 0.86;
  const option = {
    ...(legend
      ? { legend: { bottom: 0, itemGap: 18, data: series.map(({ name }) => name), textStyle: TEXT_STYLE } }
      : {}),
    radar: {
      center: ["50%", legend ? "47%" : "50%"],
      radius: legend ? "74%" : "72%",
      shape: "polygon",
      splitNumber: 4,
      axisNameGap: 8,
      axisName: { ...TEXT_STYLE, color: COLOURS.ink, lineHeight: 14 },
      axisLine: { lineStyle: { color: COLOURS.rule } },
      splitLine: { lineStyle: { color: COLOURS.rule } },
      splitArea: { show: false },
      indicator: SCORE_KEYS.map((key) => ({
        name: legend ? axisName(key, axisEnds[key]) : key,
        min: 0,
        max: axisEnds[key],
      })),
    },
    series: [{ type: "radar", silent: true, data: series.map(polygon) }],
  };
  return renderChart(option, { width: size, height: Math.round(height), description });
}

function axisName(key: ScoreKey, end: number): string {
  return end === 1 ? key : `${key}\nto ${percent(end)}`;
}

function polygon({ name, role, values }: RadarSeries): object {
  const color = COLOURS[role];
  const type = { model: "solid", oracle: "dashed", before: "dotted" }[role];
  return {
    name,
    value: SCORE_KEYS.map((key) => values[key]),
    symbol: { model: "circle", oracle: "diamond", before: "none" }[role],
    symbolSize: role === "oracle" ? 8 : 6,
    itemStyle: { color },
    lineStyle: { color, width: 2, type },
    ...(role === "model" ? { areaStyle: { color, opacity: 0.16 } } : {}),
  };
}
