/** The report on a suite: many methods side by side, as one HTML file. */
import type { SuiteRecord, SuiteScenario } from "../../record/index.ts";
import { disparityChart } from "../charts/disparity.ts";
import { axisEndsFor, radarChart } from "../charts/radar.ts";
import type { RadarSeries } from "../charts/radar.ts";
import { sparsitySentence, suiteVerdict, unequalOriginals } from "./findings.ts";
import { listing, percent, shellCommand, utc } from "../../format/index.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { dataNotes, evaluationNotes } from "../run/notes.ts";
import { definitions, figure, notesSection, renderPage, verdictSection } from "../page.ts";
import { dataItems, environmentItems, stageDetails } from "../provenance.ts";
import { readingSection } from "../run/reading.ts";
import { SCORE_KEYS, valuesOf } from "../scores.ts";
import type { ScoreKey } from "../scores.ts";
import { comparedSamples } from "./suite-samples.ts";
import { suiteScenarioTable } from "./suite-scores.ts";
import { groupsOf } from "./suite-rows.ts";
import type { SuiteGroup, SuiteRow } from "./suite-rows.ts";

/** Renders the page. The same record gives the same bytes. */
export async function renderSuiteReport(suite: SuiteRecord): Promise<string> {
  const scenarios: Html[] = [];
  for (const scenario of suite.scenarios) scenarios.push(await scenarioSection(scenario));
  return renderPage({
    title: suite.name,
    lead: `${suite.scenarios.map(({ name }) => name).join(" · ")} · ${utc(suite.createdAt)}`,
    footer: `Made by Coppice ${suite.environment.coppice} from the records of the runs named above. Nothing on this page is loaded from elsewhere.`,
    body: [
      verdictSection(suiteVerdict(suite)),
      notesSection(suiteNotes(suite)),
      scenarios,
      readingSection(),
      provenanceSection(suite),
    ],
  });
}

function suiteNotes({ notes, scenarios }: SuiteRecord): string[] {
  const placed = new Map<string, Set<string>>();
  for (const scenario of scenarios) {
    const unequal = unequalOriginals(scenario);
    const found = [
      ...(unequal === undefined ? [] : [unequal]),
      ...scenario.runs.flatMap(dataNotes),
      ...scenario.evaluations.flatMap(evaluationNotes),
    ];
    for (const note of found) placed.set(note, (placed.get(note) ?? new Set()).add(scenario.name));
  }
  const shown = [...placed].map(([note, names]) =>
    names.size === scenarios.length ? note : `${listing([...names])}: ${note}`,
  );
  return [...new Set([...notes, ...shown])];
}

async function scenarioSection(scenario: SuiteScenario): Promise<Html> {
  const groups = groupsOf(scenario);
  const sparsity = sparsitySentence(scenario);
  return html`<section>
    <h2>${scenario.name}</h2>
    ${scenario.description === undefined ? undefined : html`<p>${scenario.description}</p>`}
    ${suiteScenarioTable(groups)} ${sparsity === undefined ? undefined : html`<p>${sparsity}</p>`}
    ${await disparityFigure(groups)} ${await radarFigures(groups)}
    ${await comparedSamples(groups, scenario.runs[0]?.data.classNames ?? [])}
  </section> `;
}

async function disparityFigure(groups: readonly SuiteGroup[]): Promise<Html | undefined> {
  const methods = [...new Set(groups.flatMap(({ rows }) => rows.filter(hasGaps).map(({ label }) => label)))];
  if (methods.length === 0) return undefined;
  const bars = groups.map(({ original, rows }) => ({
    name: original,
    values: methods.map((method) => rows.find(({ label }) => label === method)?.evaluation.disparityAverage),
  }));
  const chart = await disparityChart(methods, bars);
  const hint = "mean distance from Retrain over UA, MIA, RA and TA, in points: shorter is better";
  return figure("Disparity Ave.", chart, hint);
}

async function radarFigures(groups: readonly SuiteGroup[]): Promise<Html | undefined> {
  const rows = groups.flatMap((group) => group.rows.filter(hasGaps));
  if (rows.length === 0) return undefined;
  const shown = rows.flatMap(({ evaluation }) => [
    valuesOf(evaluation.metrics),
    ...(evaluation.oracle ? [valuesOf(evaluation.oracle.metrics)] : []),
  ]);
  const axisEnds = axisEndsFor(shown);
  const ends = SCORE_KEYS.map((key) => `${key} ${percent(axisEnds[key])}`);
  const multiples: Html[] = [];
  for (const { original, rows } of groups) {
    const figures: Html[] = [];
    for (const row of rows.filter(hasGaps)) figures.push(await smallRadar(row, axisEnds));
    if (figures.length > 0)
      multiples.push(html`<div class="multiples" role="group" aria-label="${original}">${figures}</div> `);
  }
  return html`<h3>Shape against Retrain</h3>
    <p class="hint">
      Green the method, dashed orange Retrain at the same sparsity. All axes from 0, to ${listing(ends)}.
    </p>
    ${multiples}`;
}

async function smallRadar(
  { label, original, evaluation }: SuiteRow,
  axisEnds: Record<ScoreKey, number>,
): Promise<Html> {
  const series: RadarSeries[] = [
    { name: label, role: "model", values: valuesOf(evaluation.metrics) },
    ...(evaluation.oracle
      ? [{ name: "Retrain", role: "oracle" as const, values: valuesOf(evaluation.oracle.metrics) }]
      : []),
  ];
  const description = `Radar chart of UA, MIA, RA and TA of ${label}, ${original}, and of Retrain; the table holds the numbers.`;
  return figure(label, await radarChart(series, { size: 230, legend: false, axisEnds, description }), original);
}

function hasGaps({ role, evaluation }: SuiteRow): boolean {
  return role === "method" && evaluation.oracle !== undefined;
}

function provenanceSection({ command, environment, scenarios }: SuiteRecord): Html {
  const first = scenarios.flatMap(({ runs }) => runs)[0];
  const data = first === undefined ? [] : dataItems(first).filter(([name]) => !name.startsWith("Split"));
  return html`<section>
    <h2>Where this comes from</h2>
    ${definitions([...data, ...environmentItems(environment)])}
    <h3>To do it again</h3>
    <pre>${shellCommand(command)}</pre>
    ${scenarios.map(
      ({ name, runs }) =>
        html`<h3>${name}: single runs</h3>
          ${runs.map(stageDetails)}`,
    )}
  </section> `;
}
