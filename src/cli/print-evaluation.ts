/** The table of an evaluation on a terminal. */
import Table from "cli-table3";
import type { EvaluationRecord, Metric } from "../record/index.ts";
import { intervalText, scoreText } from "./score-text.ts";
import { print } from "./output.ts";

export function printEvaluation({ metrics, disparityAverage, disparityInterval }: EvaluationRecord): void {
  const table = new Table({
    head: ["metric", "value", "95 % interval", "images", "distance to Retrain"],
    style: { head: [], border: [] },
  });
  const { UA, RA, TA, MIA, RTE } = metrics;
  const rows: [string, Metric][] = [
    ["UA", UA],
    ["RA", RA],
    ["TA", TA],
    ...Object.entries(MIA).map(([attack, metric]) => [`MIA ${attack}`, metric] as [string, Metric]),
  ];
  for (const [name, metric] of rows) {
    const gap = metric.gap === undefined ? "" : scoreText({ value: metric.gap });
    table.push([name, scoreText(metric), intervalText(metric.interval), metric.count, gap]);
  }
  table.push(["RTE", `${RTE.seconds.toFixed(1)} s`, "", "", RTE.gap === undefined ? "" : `${RTE.gap.toFixed(1)} s`]);
  if (RTE.denseSeconds !== undefined)
    table.push(["RTE if dense", `about ${RTE.denseSeconds.toFixed(1)} s`, "", "", ""]);
  if (disparityAverage !== undefined) {
    const interval = disparityInterval === undefined ? "" : intervalText(disparityInterval);
    table.push(["Disparity Ave.", scoreText({ value: disparityAverage }), interval, "", ""]);
  }
  print(table.toString());
}
