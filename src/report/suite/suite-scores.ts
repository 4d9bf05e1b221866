/** The table of one scenario: a row per model, grouped by original, with the gap to Retrain below each score. */
import { compareMetric } from "../run/compare.ts";
import { duration, integer, intervalCell, loss, percentCell, pointsCell } from "../../format/index.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { outcomeClass } from "../run/metrics-table.ts";
import { SCORE_KEYS, SCORE_TEXTS, scoreOf } from "../scores.ts";
import type { ScoreKey } from "../scores.ts";
import type { SuiteGroup, SuiteRow } from "./suite-rows.ts";

const COLUMNS = SCORE_KEYS.length + 4;

/** The table with a line on how to read it. */
export function suiteScenarioTable(groups: readonly SuiteGroup[]): Html {
  const counts = groups[0]?.rows[0]?.evaluation.split.counts;
  const images =
    counts === undefined
      ? ""
      : ` ${integer(counts.forget)} images to forget, ${integer(counts.retain)} retained, ${integer(counts.test)} for test.`;
  return html`<p class="hint">
      Percent; below each score its gap to Retrain in points, red where it is worse beyond chance.${images}
    </p>
    <div class="scroll">
      <table class="suite">
        <thead>
          <tr>
            <th scope="col">Model</th>
            ${SCORE_KEYS.map((key) => html`<th scope="col"><abbr title="${SCORE_TEXTS[key].name}: ${SCORE_TEXTS[key].meaning}">${key}</abbr></th>`)}
            <th scope="col">Disparity<br />Ave.</th>
            <th scope="col">RTE</th>
            <th scope="col">Loss of<br />original</th>
          </tr>
        </thead>
        ${groups.map(
          ({ original, rows }) =>
            html`<tbody>
              <tr class="group">
                <th scope="rowgroup" colspan="${COLUMNS}">${original} original</th>
              </tr>
              ${rows.map(tableRow)}
            </tbody> `,
        )}
      </table>
    </div> `;
}

function tableRow(row: SuiteRow): Html {
  const { label, role, evaluation } = row;
  const { disparityAverage, originalTrainLoss } = evaluation;
  const { RTE } = evaluation.metrics;
  const dense =
    RTE.denseSeconds === undefined ? undefined : html`<small>dense: about ${duration(RTE.denseSeconds)}</small>`;
  return html`<tr${role === "retrain" ? html` class="yardstick"` : undefined}><th scope="row">${label}</th>${SCORE_KEYS.map((key) => scoreCell(row, key))}<td>${disparityAverage === undefined ? "–" : percentCell(disparityAverage)}</td><td>${duration(RTE.seconds)}${dense}</td><td>${loss(originalTrainLoss)}</td></tr>
`;
}

function scoreCell({ evaluation: { metrics, oracle } }: SuiteRow, key: ScoreKey): Html {
  const model = scoreOf(metrics, key);
  const title = `95 % interval ${intervalCell(model.interval)}, n = ${integer(model.count)}`;
  if (oracle === undefined) return html`<td title="${title}">${percentCell(model.value)}</td>`;
  const { difference, outcome } = compareMetric(model, scoreOf(oracle.metrics, key));
  return html`<td title="${title}">${percentCell(model.value)}<small class="${outcomeClass(outcome, model.direction) ?? ""}">${pointsCell(difference)}</small></td>`;
}
