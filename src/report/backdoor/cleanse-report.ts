/** The report on a cleanse, as one HTML file. */
import type { CleanseRecord, Metric } from "../../record/index.ts";
import { cleanseVerdict } from "./cleanse-verdict.ts";
import { linesChart } from "../charts/lines.ts";
import {
  duration,
  integer,
  intervalCell,
  percent,
  percentCell,
  plural,
  pointsCell,
  shellCommand,
  shortHash,
  sparsityName,
  utc,
} from "../../format/index.ts";
import { html, type Html } from "../html.ts";
import { htmlTable, type TableRow } from "../html-table.ts";
import { definitions, figure, notesSection, renderPage, verdictSection } from "../page.ts";
import { className, imageElement } from "../run/samples.ts";
import { ATTACK_SUCCESS, methodLabel, TROJAN_SCORES } from "../scores.ts";

/** Renders the page. The same record gives the same bytes. */
export async function renderCleanseReport(record: CleanseRecord): Promise<string> {
  const { run, suspects, environment, createdAt } = record;
  return renderPage({
    title: `${methodLabel(run.method)}: cleansing ${suspectsTitle(suspects)}`,
    lead: [`Run ${run.name}`, sparsityName(record.before.sparsity), suspectsLead(suspects), utc(createdAt)].join(" · "),
    footer: `Made by Coppice ${environment.coppice} from cleanse.json of run ${run.name}. Nothing on this page is loaded from elsewhere.`,
    body: [
      verdictSection(cleanseVerdict(record)),
      notesSection(record.notes),
      scoresSection(record),
      await traceSection(record),
      await previewSection(record),
      suspectsSection(record),
      provenance(record),
    ],
  });
}

/** Steps that are written along the axis, at most: more would run into each other. */
const MOST_LABELS = 15;

const meanings = {
  ASR: "triggered test images of other classes that are classified as the target class; lower is better",
  ASRReference:
    "likewise of all triggered test images, those of the target class included, as in the reference implementation: a good clean model has about one over the number of classes",
  SA: "clean test images that are right; higher is better",
  robustAccuracy: "triggered test images of other classes that are right in spite of the trigger; higher is better",
  heldOut: "clean images held out of training that are right: what options may be chosen by; higher is better",
} as const;

function scoresSection({ before, run, DER }: CleanseRecord): Html {
  const named = (title: string, meaning: string): Html => html`${title}<small class="meaning">${meaning}</small>`;
  const rows: TableRow[] = (Object.keys(TROJAN_SCORES) as (keyof typeof TROJAN_SCORES)[]).flatMap((key) => {
    const [earlier, later] = [before.metrics[key], run.metrics[key]];
    if (earlier === undefined || later === undefined) return [];
    const change = pointsCell(later.value - earlier.value);
    return [[named(TROJAN_SCORES[key], meanings[key]), valueCell(earlier), valueCell(later), change]];
  });
  const rating: TableRow[] =
    DER === undefined
      ? []
      : [
          [
            named("DER", "fall of ASR less fall of SA: 50 nothing gained, 100 the best"),
            "",
            html`${percentCell(DER.value)}<small>${intervalCell(DER.interval)}</small>`,
            "",
          ],
        ];
  return html`<section>
    <h2>Before and after</h2>
    <p class="hint">Values in percent, changes in percentage points. Below each value its 95 % interval, from the number n of images alone.</p>
    ${htmlTable(["Metric", "Before", "After", "Change"], [...rows, ...rating])}
  </section> `;
}

function valueCell({ value, interval, count }: Metric): Html {
  return html`${percentCell(value)}<small>${intervalCell(interval)}</small><small>n = ${integer(count)}</small>`;
}

async function traceSection({ trace, traceImages }: CleanseRecord): Promise<Html | undefined> {
  if (trace.length < 2) return undefined;
  const lines = [
    { name: ATTACK_SUCCESS.ASR, values: trace.map(({ ASR }) => 100 * ASR) },
    { name: ATTACK_SUCCESS.ASRReference, values: trace.map(({ ASRReference }) => 100 * ASRReference) },
    { name: "SA", values: trace.map(({ SA }) => 100 * SA) },
  ];
  const every = Math.ceil(trace.length / MOST_LABELS);
  const positions = trace.map(({ step }, i) => (i % every === 0 ? integer(step) : ""));
  const description = `ASR of both forms and SA in percent over optimiser steps, without the target class from ${percent(trace[0]?.ASR ?? 0)} ASR to ${percent(trace.at(-1)?.ASR ?? 0)}.`;
  const chart = await linesChart(lines, { title: "%", positions, description });
  return html`<section>
    <h2>Over optimiser steps</h2>
    <div class="charts">
      ${figure("ASR, of both forms, and SA after each epoch", chart, `on the first ${integer(traceImages)} test images; steps along the axis`)}
    </div>
  </section> `;
}

/** Test images with and without the trigger, and the class that the model gives them. */
export async function previewSection({
  previews,
  classNames,
  attack,
}: Pick<CleanseRecord, "previews" | "classNames" | "attack">): Promise<Html | undefined> {
  if (previews.length === 0 || attack === undefined) return undefined;
  const cards = await Promise.all(
    previews.map(async ({ index, label, clean, triggered, predictedBefore, predictedAfter }) => {
      const name = className(label, classNames);
      return html`<li class="sample">
        ${await imageElement(clean, `Test image ${index}, of class ${name}`)}
        ${await imageElement(triggered, "the same with the trigger")}
        <div>
          <b>${name}</b> <small>test ${index}</small><br />
          before: ${className(predictedBefore, classNames)}<br />
          now: ${className(predictedAfter, classNames)}
        </div>
      </li> `;
    }),
  );
  return html`<section>
    <h2>What the trigger looks like</h2>
    <p class="hint">
      Test images without and with the trigger (${attack.attack}, target class ${className(attack.target, classNames)}), and the class that
      the model gave the triggered image before and gives it now.
    </p>
    <ul class="samples pairs">
      ${cards}
    </ul>
  </section> `;
}

type Suspects = CleanseRecord["suspects"];

/** What was cleansed, for a title. */
export function suspectsTitle(suspects: Suspects): string {
  return suspects === undefined ? "without a list of suspects" : plural(suspects.count, "suspected image");
}

/** Where they come from, for the line below the title. */
export function suspectsLead(suspects: Suspects): string {
  return suspects === undefined ? "no suspects" : `suspects: ${suspects.detector ?? suspects.source}`;
}

/** How many, from where, and how good where the truth is known. */
export function suspectsSection({ suspects }: Pick<CleanseRecord, "suspects">): Html | undefined {
  if (suspects === undefined) return undefined;
  const { count, share, source, detector, truth } = suspects;
  const scored = (metric: Metric): string => `${percent(metric.value)} (${intervalCell(metric.interval)})`;
  return html`<section>
    <h2>The suspects</h2>
    ${definitions([
      ["Records", `${integer(count)}, ${percent(share)} of the training images`],
      ["From", detector === undefined ? source : `${detector}, in ${source}`],
      ["Precision", truth && `${scored(truth.precision)}: suspects that are poisoned`],
      ["Recall", truth && `${scored(truth.recall)}: poisoned images that are suspected`],
    ])}
  </section> `;
}

function provenance({ run, before, command, environment, attack }: CleanseRecord): Html {
  return html`<section>
    <h2>How it was made</h2>
    ${definitions([
      ["Command", html`<code>${shellCommand(command)}</code>`],
      ["Time", `${duration(run.seconds)}, ${integer(run.steps)} optimiser steps`],
      ["Model before", html`${before.name}, <code>${shortHash(before.modelSha256)}</code>`],
      ["Model after", html`${run.name}, <code>${shortHash(run.modelSha256)}</code>, ${sparsityName(run.sparsity)}`],
      [
        "Attack",
        attack && `${attack.attack}, ${JSON.stringify(attack.options)}, ratio ${attack.ratio}, seed ${attack.seed}`,
      ],
      ["Machine", `${environment.cpu}, ${plural(environment.threads, "thread")}, libtorch ${environment.libtorch}`],
    ])}
  </section> `;
}
