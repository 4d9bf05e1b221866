/** The report on several cleanses of one model, as one HTML file. */
import type { CleanseComparisonRecord } from "../../record/index.ts";
import { previewSection, suspectsLead, suspectsSection, suspectsTitle } from "./cleanse-report.ts";
import { COMPARISON_HEAD, comparisonRow, type ComparedCleanse } from "./cleanse-comparison-table.ts";
import { cleanseComparisonVerdict } from "./cleanse-comparison-verdict.ts";
import { type Line, linesChart } from "../charts/lines.ts";
import { integer, plural, shellCommand, shortPercent, sparsityName, utc } from "../../format/index.ts";
import { html, type Html } from "../html.ts";
import { htmlTable } from "../html-table.ts";
import { definitions, figure, notesSection, renderPage, verdictSection } from "../page.ts";
import { environmentItems } from "../provenance.ts";
import { ATTACK_SUCCESS, methodLabel } from "../scores.ts";

/** Renders the page. The same record gives the same bytes. */
export async function renderCleanseComparisonReport(record: CleanseComparisonRecord): Promise<string> {
  const { cleanses, suspects, createdAt, environment, command, notes } = record;
  const [first] = cleanses;
  return renderPage({
    title: `${plural(cleanses.length, "cleanse")}${suspects === undefined ? "" : " of"} ${suspectsTitle(suspects)}`,
    lead: [`Model ${first?.before.name}`, suspectsLead(suspects), utc(createdAt)].join(" · "),
    footer: `Made by Coppice ${environment.coppice} from cleanse-comparison.json. Nothing on this page is loaded from elsewhere.`,
    body: [
      verdictSection(cleanseComparisonVerdict(record)),
      notesSection(notes),
      await figuresSection(record),
      tableSection(cleanses),
      await previewSection(record),
      suspectsSection(record),
      html`<section>
        <h2>How it was made</h2>
        ${definitions(environmentItems(environment))}
        <pre>${shellCommand(command)}</pre>
      </section> `,
    ],
  });
}

async function figuresSection({ cleanses, traceImages }: CleanseComparisonRecord): Promise<Html | undefined> {
  const sparsities = [...new Set(cleanses.map(({ before }) => before.sparsity))].sort((a, b) => a - b);
  const figures: Html[] = [];
  if (sparsities.length > 1) {
    const known = cleanses.every(({ DER }) => DER !== undefined);
    if (known) figures.push(await overSparsity(cleanses, sparsities, "ASR"));
    figures.push(await overSparsity(cleanses, sparsities, "SA"));
  }
  const traced = cleanses.filter(({ trace }) => trace.length > 1);
  if (traced.length > 0) figures.push(await overEpochs(traced, traceImages));
  if (figures.length === 0) return undefined;
  return html`<section>
    <h2>Over sparsity and over epochs</h2>
    <div class="charts">${figures}</div>
  </section> `;
}

async function overSparsity(
  cleanses: readonly ComparedCleanse[],
  sparsities: readonly number[],
  score: "ASR" | "SA",
): Promise<Html> {
  const methods = [...new Set(cleanses.map(({ run }) => run.method))];
  const at = (method: string | undefined, sparsity: number): ComparedCleanse | undefined =>
    cleanses.find(({ run, before }) => run.method === method && before.sparsity === sparsity);
  const lines: Line[] = [
    { name: "before", values: sparsities.map((sparsity) => at(methods[0], sparsity)?.before.metrics[score]?.value) },
    ...methods.map((method) => ({
      name: methodLabel(method),
      values: sparsities.map((sparsity) => at(method, sparsity)?.run.metrics[score]?.value),
    })),
  ];
  const title = score === "ASR" ? ATTACK_SUCCESS.ASR : "SA";
  const chart = await linesChart(lines, {
    title: `${title}, percent`,
    positions: sparsities.map((sparsity) => shortPercent(sparsity)),
    percent: true,
    description: `${title} over sparsity before and after; the table holds the numbers.`,
  });
  return figure(title, chart, "over sparsity in percent");
}

async function overEpochs(cleanses: readonly ComparedCleanse[], images: number): Promise<Html> {
  const longest = Math.max(...cleanses.map(({ trace }) => trace.length));
  const positions = Array.from({ length: longest }, (_, epoch) => String(epoch));
  const lines = cleanses.map(({ run, before, trace }): Line => ({
    name: `${methodLabel(run.method)}, ${sparsityName(before.sparsity)}`,
    values: positions.map((_, epoch) => trace.find((line) => line.epoch === epoch)?.ASR),
  }));
  const chart = await linesChart(lines, {
    title: `${ATTACK_SUCCESS.ASR}, percent`,
    positions,
    percent: true,
    description:
      "Attack success after each epoch of each cleanse; the reports of the single cleanses hold the numbers.",
  });
  return figure(`${ATTACK_SUCCESS.ASR}, over epochs`, chart, `on the first ${integer(images)} test images`);
}

function tableSection(cleanses: readonly ComparedCleanse[]): Html {
  return html`<section>
    <h2>Before and after</h2>
    <p class="hint">
      Percent, in brackets 95 % intervals over test images. ASR: triggered test images classified as the target class, of other classes or (reference) of all; SA: accuracy on clean test
      images; robust accuracy: triggered images that are right in spite of the trigger; DER: 50 is nothing gained, 100 the best.
    </p>
    ${htmlTable(
      [...COMPARISON_HEAD, "Run, with its report"],
      cleanses.map((cleanse) => [...comparisonRow(cleanse), html`<code>${cleanse.run.path}</code>`]),
      { class: "wide" },
    )}
  </section> `;
}
