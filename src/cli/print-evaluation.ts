/** The table of an evaluation on a terminal. */
import Table from "cli-table3";
import type { EvaluationRecord, Metric } from "../record/index.ts";

export function printEvaluation({ metrics, disparityAverage, disparityInterval }: EvaluationRecord): void {
  const table = new Table({
    head: ["metric", "value", "95 % interval", "images", "gap to Retrain"],
    style: { head: [], border: [] },
  });
  const { UA, RA, TA, MIA, RTE } = metrics;
  const rows: [string, Metric][] = [
    ["UA", UA],
    ["RA", RA],
    ["TA", TA],
    ...Object.entries(MIA).map(([attack, metric]) => [`MIA ${attack}`, metric] as [string, Metric]),
  ];
  const range = (interval: readonly number[]): string => interval.map((bound) => bound.toFixed(4)).join(" to ");
  for (const [name, { value, interval, count, gap }] of rows) {
    table.push([name, value.toFixed(4), range(interval), count, gap?.toFixed(4) ?? ""]);
  }
  table.push(["RTE", `${RTE.seconds.toFixed(1)} s`, "", "", RTE.gap === undefined ? "" : `${RTE.gap.toFixed(1)} s`]);
  if (RTE.denseSeconds !== undefined)
    table.push(["RTE if dense", `about ${RTE.denseSeconds.toFixed(1)} s`, "", "", ""]);
  if (disparityAverage !== undefined) {
    const interval = disparityInterval === undefined ? "" : range(disparityInterval);
    table.push(["Disparity Ave.", disparityAverage.toFixed(4), interval, "", ""]);
  }
  console.log(table.toString());
}
