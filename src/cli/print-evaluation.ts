/** The table of an evaluation on a terminal. */
import Table from "cli-table3";
import type { EvaluationRecord, Metric, Scores } from "../record/index.ts";
import { intervalText, scoreText } from "./score-text.ts";
import { print } from "./output.ts";

export function printEvaluation({ metrics, disparityAverage, disparityInterval, before }: EvaluationRecord): void {
  const table = new Table({
    head: [
      ...["metric", "value", "95 % interval", "images", "distance to Retrain"],
      ...(before === undefined ? [] : ["before"]),
    ],
    style: { head: [], border: [] },
  });
  const add = (cells: (string | number)[], first?: number): void => {
    table.push([...cells, ...(before === undefined ? [] : [optionalScore(first)])]);
  };
  const { RTE } = metrics;
  const earlier = before === undefined ? [] : rowsOf(before.metrics);
  for (const [i, [name, metric]] of rowsOf(metrics).entries()) {
    add(
      [name, scoreText(metric), intervalText(metric.interval), metric.count, optionalScore(metric.gap)],
      earlier[i]?.[1].value,
    );
  }
  add(["RTE", `${RTE.seconds.toFixed(1)} s`, "", "", RTE.gap === undefined ? "" : `${RTE.gap.toFixed(1)} s`]);
  if (RTE.denseSeconds !== undefined) add(["RTE if dense", `about ${RTE.denseSeconds.toFixed(1)} s`, "", "", ""]);
  if (disparityAverage !== undefined) {
    const interval = disparityInterval === undefined ? "" : intervalText(disparityInterval);
    add(["Disparity Ave.", optionalScore(disparityAverage), interval, "", ""], before?.disparityAverage);
  }
  print(table.toString());
}

/** Without UA and MIA where the images to forget are gone. */
type Measured = Pick<Scores, "RA" | "TA"> & {
  readonly UA?: Metric | undefined;
  readonly MIA?: Readonly<Record<string, Metric>> | undefined;
};

function rowsOf({ UA, RA, TA, MIA = {} }: Measured): [string, Metric][] {
  const attacks = Object.entries(MIA).map(([attack, metric]): [string, Metric] => [
    `MIA ${attack}${attack === "confidence" ? " (score)" : ""}`,
    metric,
  ]);
  const unlearning: [string, Metric][] = UA === undefined ? [] : [["UA", UA]];
  return [...unlearning, ["RA", RA], ["TA", TA], ...attacks];
}

function optionalScore(value: number | undefined): string {
  return value === undefined ? "" : scoreText({ value });
}
