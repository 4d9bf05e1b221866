/** The table of one evaluation: every metric with direction, interval, count and gap to Retrain. */
import type { CompleteEvaluation, Metric, Scores } from "../../record/index.ts";
import { compareMetric } from "./compare.ts";
import type { Outcome } from "./compare.ts";
import {
  denseDuration,
  duration,
  integer,
  intervalCell,
  percent,
  percentCell,
  pointsCell,
} from "../../format/index.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { htmlTable, type TableCell } from "../html-table.ts";
import { markerKey, positionChart } from "./position.ts";
import type { Triple } from "./position.ts";
import { OTHER_ATTACKS, SCORE_KEYS, SCORE_TEXTS, scoreOf } from "../scores.ts";

const DIRECTIONS: Readonly<Record<Metric["direction"], string>> = {
  higher: "higher is better",
  lower: "lower is better",
  "match-oracle": "best where Retrain is",
};

/** The section with the table of the four scores and times, and that of the other attacks. */
export function metricsSection(evaluation: CompleteEvaluation): Html {
  const rows = [
    ...SCORE_KEYS.map((key) => {
      const { name, meaning } = SCORE_TEXTS[key];
      const still = key === "UA" ? `: ${percent(1 - evaluation.metrics.UA.value)} are still classified correctly` : "";
      return scoreRow(evaluation, html`${name} (${key})`, `${meaning}${still}`, (scores) => scoreOf(scores, key));
    }),
    timeRow(evaluation),
    ...disparityRow(evaluation),
  ];
  const attacks = OTHER_ATTACKS.map(([attack, meaning]) =>
    scoreRow(evaluation, html`${attack}`, `attack on ${meaning}`, (scores) => scores.MIA[attack]),
  );
  return html`<section>
    <h2>Scores</h2>
    <p class="hint">
      Values in percent, gaps in percentage points. Below each value its 95 % interval, from the number n of images
      alone: other seeds may vary more.
    </p>
    ${table(evaluation, rows)} ${markerKey(evaluation.before !== undefined, evaluation.oracle !== undefined)}
    <details>
      <summary>The other four membership attacks <small>the share each classifies as non-members</small></summary>
      ${table(evaluation, attacks)}
    </details>
  </section> `;
}

function table({ oracle, before }: CompleteEvaluation, rows: readonly MetricRow[]): Html {
  const head = [
    "Metric",
    position("0 to 100"),
    ...(before ? ["Before"] : []),
    "Model",
    ...(oracle ? ["Retrain", "Gap"] : []),
  ];
  return htmlTable(head, rows);
}

type MetricRow = readonly TableCell[];

/** A cell of the column that narrow screens leave out. */
function position(value: Html | string): TableCell {
  return { value, class: "position" };
}

function scoreRow(
  evaluation: CompleteEvaluation,
  name: Html,
  meaning: string,
  pick: (scores: Scores) => Metric,
): MetricRow {
  const model = pick(evaluation.metrics);
  const before = evaluation.before && pick(evaluation.before.metrics);
  const oracle = evaluation.oracle && pick(evaluation.oracle.metrics);
  const triple: Triple = { model, before, oracle };
  const { value, interval, count, direction } = model;
  return [
    html`${name}<small class="meaning">${meaning}</small><small>${DIRECTIONS[direction]}</small>`,
    position(positionChart(triple)),
    ...(before ? [valueCell(before)] : []),
    html`<strong>${percentCell(value)}</strong><small>${intervalCell(interval)}</small><small>n = ${integer(count)}</small>`,
    ...(oracle ? [valueCell(oracle), gapCell(model, oracle)] : []),
  ];
}

function valueCell({ value, interval }: Metric): Html {
  return html`${percentCell(value)}<small>${intervalCell(interval)}</small>`;
}

function gapCell(model: Metric, oracle: Metric): TableCell {
  const { difference, outcome } = compareMetric(model, oracle);
  const interval = model.gapInterval?.map(pointsCell).join(" to ");
  const range = interval === undefined ? undefined : html`<small>${interval}</small>`;
  return {
    value: html`${pointsCell(difference)}${range}<small>${outcome}</small>`,
    class: outcomeClass(outcome, model.direction),
  };
}

/** Marks a difference from Retrain that is beyond chance, unless it is in the better direction. */
export function outcomeClass(outcome: Outcome, direction: Metric["direction"]): "differs" | undefined {
  const worse = outcome === "lower" || outcome === "higher" ? outcome !== direction : false;
  return worse ? "differs" : undefined;
}

function timeRow({ metrics: { RTE }, oracle, before }: CompleteEvaluation): MetricRow {
  const retrain = oracle?.metrics.RTE;
  return [
    html`Run time (RTE)<small class="meaning">wall time of the stage's own work</small><small>lower is better</small>`,
    position(""),
    ...(before ? [""] : []),
    html`<strong>${duration(RTE.seconds)}</strong>${besideDense(RTE)}`,
    ...(retrain
      ? [html`${duration(retrain.seconds)}${besideDense(retrain)}`, signedDuration(RTE.seconds - retrain.seconds)]
      : []),
  ];
}

function besideDense(time: CompleteEvaluation["metrics"]["RTE"]): Html | undefined {
  const dense = denseDuration(time);
  return dense === undefined ? undefined : html`<small>${dense}</small>`;
}

/** No row where there is nothing to compare with. */
function disparityRow({ disparityAverage, disparityInterval, oracle, before }: CompleteEvaluation): MetricRow[] {
  if (disparityAverage === undefined || oracle === undefined) return [];
  const cell = (average: number, interval: readonly [number, number] | undefined): Html =>
    html`<strong>${percentCell(average)}</strong>${interval === undefined ? undefined : html`<small>${intervalCell(interval)}</small>`}`;
  const first = before?.disparityAverage;
  return [
    [
      html`Disparity Ave.<small class="meaning">mean size of the gaps of UA, MIA, RA and TA</small><small>lower is better</small>`,
      position(""),
      ...(before ? [first === undefined ? "" : cell(first, before.disparityInterval)] : []),
      cell(disparityAverage, disparityInterval),
      "",
      "",
    ],
  ];
}

function signedDuration(seconds: number): string {
  return `${seconds < 0 ? "\u2212" : "+"}${duration(Math.abs(seconds))}`;
}
