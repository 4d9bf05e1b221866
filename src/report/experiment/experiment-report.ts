/** A grid as a page: findings first, then tables and figures scenario by scenario, tests, and where it all comes from. */
import type { ExperimentRecord, ExperimentRow, ScoreName } from "../../record/index.ts";
import { mean } from "../../util/lists.ts";
import { experimentFigures } from "./experiment-figures.ts";
import {
  intervalOf,
  intervalText,
  meanCell,
  type NamedRow,
  namedRows,
  scoreNames,
  shareText,
} from "./experiment-rows.ts";
import { duration, loss, pointsCell, shellCommand, shortHash } from "../../format/index.ts";
import { html, type Html } from "../html.ts";
import { groupedTable, htmlTable, type TableRow } from "../html-table.ts";
import { definitions, findingSection, notesSection, renderPage } from "../page.ts";
import { environmentItems } from "../provenance.ts";
import { SCORE_TEXTS } from "../scores.ts";

export async function renderExperimentReport(record: ExperimentRecord): Promise<string> {
  const sections: Html[] = [];
  for (const { id } of record.scenarios) sections.push(await scenarioSection(record, id));
  const { title, preset, seeds, name } = record;
  return renderPage({
    title,
    lead: `Recipe ${name}, preset ${preset}, ${seeds.length} ${seeds.length === 1 ? "seed" : "seeds"}`,
    body: html`${record.findings.map((finding) => findingSection(finding))} ${failuresSection(record)} ${notesSection(record.notes)} ${sections}
    ${testsSection(record)} ${provenanceSection(record)}`,
    footer: `Made ${record.createdAt} by ${shellCommand(record.command)}`,
  });
}

function failuresSection({ failures }: ExperimentRecord): Html | undefined {
  if (failures.length === 0) return undefined;
  return html`<section class="notes">
    <h2>What failed</h2>
    <ul>
      ${failures.map(({ title, code, message }) => html`<li>${title}: ${message} (${code})</li> `)}
    </ul>
  </section> `;
}

async function scenarioSection(record: ExperimentRecord, id: string): Promise<Html> {
  const scenario = record.scenarios.find((each) => each.id === id);
  const rows = namedRows(record).filter(({ row }) => row.scenario === id);
  const groups = record.models.map(({ id: model, label }) => ({
    title: `${label} original`,
    rows: rows.filter(({ row }) => row.model === model).flatMap(tableRows),
  }));
  return html`<section>
    <h2>${scenario?.title ?? id}</h2>
    <p>${scenario?.description ?? ""}</p>
    <p class="hint">
      Percent: mean and standard deviation over n seeds, below them the 95 % interval of the mean, and then the mean gap to Retrain from the same
      original in points with its own. Intervals are over seeds (Student t); of a single seed gaps and Disparity Ave. have one over images
      (bootstrap), scores none. Italic: published.
    </p>
    ${groupedTable(HEAD, groups, { class: "wide" })}
    ${await experimentFigures(record, id)}
  </section> `;
}

const HEAD = [
  "Model",
  "n",
  ...scoreNames.map((key) => html`<abbr title="${SCORE_TEXTS[key].name}: ${SCORE_TEXTS[key].meaning}">${key}</abbr>`),
  html`Disparity<br />Ave.`,
  "RTE",
  html`Loss of<br />original`,
];

function tableRows(named: NamedRow): TableRow[] {
  const { row } = named;
  const { summary, repetitions, seconds, denseSeconds } = row;
  if (summary === undefined) return [];
  const disparity = summary.disparity === undefined ? "–" : meanCell(summary.disparity);
  const dense =
    denseSeconds.length === 0 ? undefined : html`<small>dense: about ${duration(mean(denseSeconds))}</small>`;
  const cells = [
    row.label,
    repetitions.length,
    ...scoreNames.map((key) => [meanCell(summary[key]), small(shareText(summary[key].interval)), gapLines(row, key)]),
    [disparity, small(intervalText(intervalOf(row, "disparity")))],
    [duration(mean(seconds)), dense],
    loss(summary.originalTrainLoss.mean),
  ];
  return [{ cells, class: row.method === "retrain" ? "retrain" : undefined }, ...publishedRow(named)];
}

function small(text: string): Html | undefined {
  return text === "" ? undefined : html`<small>${text}</small>`;
}

/** The mean gap and its interval, a line each, so that the table stays narrow. */
function gapLines(row: ExperimentRow, score: ScoreName): Html | undefined {
  const gap = row.summary?.gaps?.[score];
  if (gap === undefined) return undefined;
  return html`${small(`gap ${pointsCell(gap.mean)}`)}${small(intervalText(intervalOf(row, score)))}`;
}

function publishedRow({ published, row }: NamedRow): TableRow[] {
  if (published === null) return [];
  const cells = [
    "published",
    "10",
    ...scoreNames.map((key) => published[key].map((value) => value.toFixed(2)).join(" ± ")),
    row.method === "retrain" ? "" : published.disparity.toFixed(2),
    duration(60 * published.minutes),
    "",
  ];
  return [{ cells, class: "published" }];
}

function testsSection({ tests, scenarios, models }: ExperimentRecord): Html | undefined {
  if (tests.length === 0) return undefined;
  const side = ({ label, model }: { label: string; model: string }): string =>
    `${label}, ${models.find(({ id }) => id === model)?.label ?? model}`;
  return html`<section>
    <h2>Paired tests</h2>
    <p class="hint">First minus second, seed by seed, in points; p of a two-sided t-test, not corrected for their number.</p>
    ${htmlTable(
      ["Scenario", "Score", "First", "Second", "Difference", "95 % interval", "n", "p"],
      tests.map(({ scenario, score, first, second, difference, p }) => [
        scenarios.find(({ id }) => id === scenario)?.title ?? scenario,
        score === "disparity" ? "Disparity Ave." : score,
        side(first),
        side(second),
        pointsCell(difference.mean),
        difference.interval === null ? "none" : difference.interval.map(pointsCell).join(" to "),
        String(difference.n),
        p === null ? "none" : p.toPrecision(2),
      ]),
    )}
  </section> `;
}

function provenanceSection({ training, environment, code, command }: ExperimentRecord): Html {
  return html`<section>
    <h2>Where this comes from</h2>
    ${definitions([...environmentItems(environment), ["Code", shortHash(code)], ["Training", JSON.stringify(training)]])}
    <h3>To do it again</h3>
    <pre>${shellCommand(command)}</pre>
  </section> `;
}
