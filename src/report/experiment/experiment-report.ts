/** A grid as a page: findings and what it shows first, then tables and figures scenario by scenario, tests, and where it all comes from. */
import type { ExperimentRecord } from "../../record/index.ts";
import { plural, pointsCell, shellCommand, shortHash, utc } from "../../format/index.ts";
import { html, type Html } from "../html.ts";
import { htmlTable } from "../html-table.ts";
import { definitions, findingSection, notesSection, renderPage, verdictSection } from "../page.ts";
import { environmentItems } from "../provenance.ts";
import { readingSection } from "../run/reading.ts";
import { experimentFigures } from "./experiment-figures.ts";
import { experimentNotes } from "./experiment-notes.ts";
import { namedRows } from "./experiment-rows.ts";
import { scoresTable } from "./experiment-scores.ts";
import { experimentSummary } from "./experiment-summary.ts";
import { trainingText } from "./training-text.ts";

/** Renders the page. The same record gives the same bytes. */
export async function renderExperimentReport(record: ExperimentRecord): Promise<string> {
  const sections: Html[] = [];
  for (const scenario of record.scenarios) sections.push(await scenarioSection(record, scenario));
  const { title, preset, seeds, name, createdAt, environment } = record;
  const summary = experimentSummary(record);
  const trained = trainingText(record);
  return renderPage({
    title,
    lead: [
      `Recipe ${name}, preset ${preset}, ${plural(seeds.length, "seed")}`,
      ...(trained === "" ? [] : [trained]),
      utc(createdAt),
    ].join(" · "),
    body: [
      record.findings.map((finding) => findingSection(finding)),
      summary === undefined ? undefined : verdictSection(summary),
      failuresSection(record),
      notesSection(experimentNotes(record)),
      sections,
      testsSection(record),
      readingSection("Model minus Retrain from the same original, in points."),
      provenanceSection(record),
    ],
    footer: `Made by Coppice ${environment.coppice} from experiment.json. Nothing on this page is loaded from elsewhere.`,
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

async function scenarioSection(
  record: ExperimentRecord,
  { id, title, description }: ExperimentRecord["scenarios"][number],
): Promise<Html> {
  const rows = namedRows(record).filter(({ row }) => row.scenario === id);
  if (rows.length === 0) return html``;
  return html`<section>
    <h2>${title}</h2>
    <p>${description}</p>
    ${scoresTable(record, rows)} ${await experimentFigures(record, id)}
  </section> `;
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
      { words: 4 },
    )}
  </section> `;
}

/** How each row was made, by its name in tables. */
function methodItems({ rows }: ExperimentRecord): Array<[string, string]> {
  const methods = new Map(rows.map((row) => [row.label, row]));
  return [...methods.values()]
    .filter(({ method }) => method !== "original" && method !== "retrain")
    .map(({ label, method, options }) => {
      const set = Object.entries(options).map(([option, value]) => `${option} ${String(value)}`);
      return [label, `method ${method}${set.length === 0 ? ", its defaults and presets" : `: ${set.join(", ")}`}`];
    });
}

function provenanceSection(record: ExperimentRecord): Html {
  const { training, environment, code, command } = record;
  return html`<section>
    <h2>Where this comes from</h2>
    ${definitions([...methodItems(record), ...environmentItems(environment), ["Code", shortHash(code)]])}
    <details>
      <summary>How the originals were trained</summary>
      <pre>${JSON.stringify(training, undefined, 1)}</pre>
    </details>
    <h3>To do it again</h3>
    <pre>${shellCommand(command)}</pre>
  </section> `;
}
