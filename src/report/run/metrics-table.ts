/** The table of one evaluation: every metric with direction, interval, count and gap to Retrain. */
import type { EvaluationRecord, Metric, Scores } from "../../record/index.ts";
import { compareMetric } from "./compare.ts";
import type { Outcome } from "./compare.ts";
import { denseDuration, duration, integer, intervalCell, percentCell, pointsCell } from "../../format/index.ts";
import { html } from "../html.ts";
import type { Html, HtmlValue } from "../html.ts";
import { markerKey, positionChart } from "./position.ts";
import type { Triple } from "./position.ts";
import { OTHER_ATTACKS, SCORE_KEYS, SCORE_TEXTS, scoreOf } from "../scores.ts";

const DIRECTIONS: Readonly<Record<Metric["direction"], string>> = {
  higher: "higher is better",
  lower: "lower is better",
  "match-oracle": "best where Retrain is",
};

/** The section with the table of the four scores and times, and that of the other attacks. */
export function metricsSection(evaluation: EvaluationRecord): Html {
  const rows = [
    ...SCORE_KEYS.map((key) => {
      const { name, meaning } = SCORE_TEXTS[key];
      return scoreRow(evaluation, html`${name} (${key})`, meaning, (scores) => scoreOf(scores, key));
    }),
    timeRow(evaluation),
    disparityRow(evaluation),
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
      <summary>The other four membership attacks <small>what each takes for never seen</small></summary>
      ${table(evaluation, attacks)}
    </details>
  </section> `;
}

function table({ oracle, before }: EvaluationRecord, rows: readonly HtmlValue[]): Html {
  const head = (title: string): Html => html`<th scope="col">${title}</th>`;
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head("Metric")}
          <th scope="col" class="position">0 to 100</th>
          ${before && head("Before")}${head("Model")}${oracle && [head("Retrain"), head("Gap")]}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function scoreRow(evaluation: EvaluationRecord, name: Html, meaning: string, pick: (scores: Scores) => Metric): Html {
  const model = pick(evaluation.metrics);
  const before = evaluation.before && pick(evaluation.before.metrics);
  const oracle = evaluation.oracle && pick(evaluation.oracle.metrics);
  const triple: Triple = { model, before, oracle };
  return html`<tr>
    <th scope="row">${name}<small class="meaning">${meaning}</small><small>${DIRECTIONS[model.direction]}</small></th>
    <td class="position">${positionChart(triple)}</td>
    ${before && valueCell(before)}
    <td>
      <strong>${percentCell(model.value)}</strong><small>${intervalCell(model.interval)}</small
      ><small>n = ${integer(model.count)}</small>
    </td>
    ${oracle && [valueCell(oracle), gapCell(model, oracle)]}
  </tr> `;
}

function valueCell({ value, interval }: Metric): Html {
  return html`<td>${percentCell(value)}<small>${intervalCell(interval)}</small></td>`;
}

function gapCell(model: Metric, oracle: Metric): Html {
  const { difference, outcome } = compareMetric(model, oracle);
  const interval = model.gapInterval?.map(pointsCell).join(" to ");
  const range = interval === undefined ? undefined : html`<small>${interval}</small>`;
  return html`<td${outcomeClass(outcome, model.direction)}>${pointsCell(difference)}${range}<small>${outcome}</small></td>`;
}

/** Marks a difference from Retrain that is beyond chance, unless it is in the better direction. */
export function outcomeClass(outcome: Outcome, direction: Metric["direction"]): Html | undefined {
  const worse = outcome === "lower" || outcome === "higher" ? outcome !== direction : false;
  return worse ? html` class="differs"` : undefined;
}

function timeRow({ metrics, oracle, before }: EvaluationRecord): Html {
  const gap = oracle && metrics.RTE.seconds - oracle.metrics.RTE.seconds;
  return html`<tr>
    <th scope="row">
      Run time (RTE)<small class="meaning">wall time of the stage's own work</small><small>lower is better</small>
    </th>
    <td class="position"></td>
    ${before && html`<td></td>`}
    <td><strong>${duration(metrics.RTE.seconds)}</strong>${besideDense(metrics.RTE)}</td>
    ${oracle && [html`<td>${duration(oracle.metrics.RTE.seconds)}${besideDense(oracle.metrics.RTE)}</td>`, html`<td>${signedDuration(gap ?? 0)}</td>`]}
  </tr> `;
}

function besideDense(time: EvaluationRecord["metrics"]["RTE"]): Html | undefined {
  const dense = denseDuration(time);
  return dense === undefined ? undefined : html`<small>${dense}</small>`;
}

function disparityRow(evaluation: EvaluationRecord): Html | undefined {
  const { disparityAverage, disparityInterval, oracle, before } = evaluation;
  if (disparityAverage === undefined || oracle === undefined) return undefined;
  const interval =
    disparityInterval === undefined ? undefined : html`<small>${intervalCell(disparityInterval)}</small>`;
  return html`<tr>
    <th scope="row">
      Disparity Ave.<small class="meaning">mean size of the gaps of UA, MIA, RA and TA</small
      ><small>lower is better</small>
    </th>
    <td class="position"></td>
    ${before && html`<td></td>`}
    <td></td>
    <td></td>
    <td><strong>${percentCell(disparityAverage)}</strong>${interval}</td>
  </tr> `;
}

function signedDuration(seconds: number): string {
  return `${seconds < 0 ? "\u2212" : "+"}${duration(Math.abs(seconds))}`;
}
