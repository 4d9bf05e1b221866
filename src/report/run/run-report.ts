/** The report on one run, as one HTML file. */
import {
  type CompleteEvaluation,
  type EvaluationRecord,
  hasAllScores,
  type MetricLine,
  type RunRecord,
  type SplitManifest,
} from "../../record/index.ts";
import { accuracyChart, lossChart, zerosChart } from "../charts/curves.ts";
import { layersChart, sparsityOf } from "../charts/layers.ts";
import { axisEndsFor, radarChart } from "../charts/radar.ts";
import type { RadarSeries } from "../charts/radar.ts";
import { integer, listing, loss, percent, plural, sparsityName, utc } from "../../format/index.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { htmlTable } from "../html-table.ts";
import { metricsSection } from "./metrics-table.ts";
import { notesOf } from "./notes.ts";
import { figure, notesSection, renderPage, verdictSection } from "../page.ts";
import { provenanceSection } from "../provenance.ts";
import { MATTERS } from "./compare.ts";
import { readingSection } from "./reading.ts";
import { samplesSection } from "./samples.ts";
import { methodLabel, valuesOf } from "../scores.ts";
import { verdictOf } from "./verdict.ts";

export interface RunReportInput {
  readonly run: RunRecord;
  /** Absent: the page shows training only and says so. */
  readonly evaluation?: EvaluationRecord;
  /** The run of the Retrain the evaluation was compared with, for its provenance. */
  readonly oracle?: RunRecord;
  /** The split in full, for how it was drawn. */
  readonly split?: SplitManifest;
  readonly history: readonly MetricLine[];
  /** The runs this one descends from, the earliest first, as far back as they are known; absent: nobody has looked. */
  readonly lineage?: readonly RunRecord[];
}

const GAP = `Model minus Retrain. “same”: within chance, or under ${100 * MATTERS} percentage point; “unclear”: too few images to say; else it differs beyond chance.`;

/** Renders the page. The same records give the same bytes. */
export async function renderRunReport(input: RunReportInput): Promise<string> {
  const { run, evaluation, oracle, split, history, lineage = [] } = input;
  const scored = evaluation !== undefined && hasAllScores(evaluation) ? evaluation : undefined;
  const broken = input.lineage !== undefined && (lineage[0] ?? run).parent !== undefined;
  return renderPage({
    title: titleOf(run),
    lead: leadOf(run),
    footer: `Made by Coppice ${run.environment.coppice} from the records of run ${run.name}. Nothing on this page is loaded from elsewhere.`,
    body: [
      verdictSection(verdictOf(evaluation)),
      notesSection(notesOf(run, evaluation)),
      scored && metricsSection(scored),
      await chartsSection(run, scored),
      await historySection(history),
      evaluation && (await samplesSection(evaluation.samples, run.data.classNames)),
      scored && readingSection(GAP),
      provenanceSection({ lineage, broken, run, evaluation, oracle, split }),
    ],
  });
}

function titleOf({ kind, method, data, split, mask }: RunRecord): string {
  if (kind === "forget")
    return `${methodLabel(method?.name)}: forgetting ${plural(split.counts.forget, "image")} of ${data.name}`;
  if (kind === "prune") return `${data.name}, ${mask === undefined ? "pruned" : sparsityName(mask.sparsity)}`;
  return `${data.name}, ${kind === "transfer" ? "transferred to" : "trained"}`;
}

function leadOf({ name, model, split, method, startedAt }: RunRecord): string {
  return [
    `Run ${name}`,
    model.arch,
    `split: ${split.scenario}`,
    ...(method === undefined ? [] : [method.order === "prune-first" ? "pruned first" : "from the dense model"]),
    utc(startedAt),
  ].join(" · ");
}

async function chartsSection(run: RunRecord, evaluation: CompleteEvaluation | undefined): Promise<Html | undefined> {
  const figures = [...(evaluation === undefined ? [] : [await radarFigure(evaluation)]), ...(await layersFigure(run))];
  if (figures.length === 0) return undefined;
  return html`<section>
    <h2>${evaluation === undefined ? "The weights" : "In pictures"}</h2>
    <div class="charts">${figures}</div>
  </section> `;
}

async function radarFigure({ metrics, before, oracle }: CompleteEvaluation): Promise<Html> {
  const series: RadarSeries[] = [
    ...(before === undefined ? [] : [{ name: "before", role: "before" as const, values: valuesOf(before.metrics) }]),
    { name: "model", role: "model", values: valuesOf(metrics) },
    ...(oracle === undefined ? [] : [{ name: "Retrain", role: "oracle" as const, values: valuesOf(oracle.metrics) }]),
  ];
  const description = `Radar chart of UA, MIA, RA and TA of ${listing(series.map(({ name }) => name))}; the table above holds the numbers.`;
  const axisEnds = axisEndsFor(series.map(({ values }) => values));
  const chart = await radarChart(series, { size: 460, legend: true, axisEnds, description });
  const hint = oracle === undefined ? "No oracle: nothing to match" : "The closer green lies to orange, the better";
  return figure("UA, MIA, RA, TA", chart, hint);
}

async function layersFigure({ result, mask }: RunRecord): Promise<Html[]> {
  const layers = result?.layers ?? mask?.layers ?? [];
  const [zeros, weights] = layers.reduce(([z, n], layer) => [z + layer.numel - layer.nonzero, n + layer.numel], [0, 0]);
  if (zeros === 0) {
    return layers.length === 0
      ? []
      : [
          html`<figure>
            <figcaption>Zeros per layer</figcaption>
            <p class="hint">This model is dense: none of its ${integer(weights)} weights is exactly zero.</p>
          </figure>`,
        ];
  }
  const hint = `${integer(zeros)} of ${integer(weights)} weights are exactly zero (${percent(zeros / weights)})`;
  const rows = layers.map((layer) => [
    layer.name,
    integer(layer.numel),
    integer(layer.nonzero),
    percent(sparsityOf(layer)),
  ]);
  return [
    html`<div>
      ${figure("Zeros per layer", await layersChart(layers), hint)}
      <details>
        <summary>As a table</summary>
        ${htmlTable(["Layer", "Weights", "Not zero", "Zeros"], rows)}
      </details>
    </div>`,
  ];
}

async function historySection(history: readonly MetricLine[]): Promise<Html | undefined> {
  const first = history[0];
  if (first === undefined) return undefined;
  if (history.length === 1) {
    return html`<section>
      <h2>While it ran</h2>
      <p>One epoch: mean loss ${loss(first.loss)}, accuracy ${percent(first.accuracy)} on its batches.</p>
    </section> `;
  }
  const zeros = await zerosChart(history);
  return html`<section>
    <h2>While it ran</h2>
    <div class="charts">
      ${figure("Loss", await lossChart(history), "mean over each epoch's batches, without penalty")}${figure(
        "Accuracy",
        await accuracyChart(history),
        "on each epoch's batches as they came; after each epoch on the validation part",
      )}${zeros && figure("Weights exactly zero", zeros)}
    </div>
  </section> `;
}
