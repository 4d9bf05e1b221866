/** The figures of grids by name. */
import type { ExperimentRecord, ExperimentRow, FigureName, ScoreName } from "../../record/index.ts";
import { scoreNames } from "../../record/index.ts";
import { disparityChart } from "../charts/disparity.ts";
import { type Line, linesChart } from "../charts/lines.ts";
import { scatterChart } from "../charts/scatter.ts";
import { radarSection } from "./experiment-radars.ts";
import { isMethod, type NamedRow, namedRows, seedsOf } from "./experiment-rows.ts";
import { samplesTable } from "./experiment-samples.ts";
import { html, type Html } from "../html.ts";
import { figure } from "../page.ts";

/** @param rows of one scenario; nothing where there is nothing to show */
type Draw = (record: ExperimentRecord, rows: readonly NamedRow[]) => Promise<Html | undefined>;

const DRAWINGS: Readonly<Record<FigureName, Draw>> = {
  "sparsity-curves": sparsityCurves,
  radar: radarSection,
  "method-bars": methodBars,
  "loss-scatter": lossScatter,
  samples: samplesTable,
};

/** What a record asks to be shown, for one scenario; nothing where no method is done in it. */
export async function experimentFigures(record: ExperimentRecord, scenario: string): Promise<Html[]> {
  const rows = namedRows(record).filter(({ row }) => row.scenario === scenario);
  if (!rows.some(isMethod)) return [];
  const drawn: Html[] = [];
  for (const name of record.figures) {
    const section = await DRAWINGS[name](record, rows);
    if (section !== undefined) drawn.push(section);
  }
  return drawn;
}

function charts(figures: readonly Html[]): Html {
  return html`<div class="charts">${figures}</div> `;
}

function labelsOf(rows: readonly NamedRow[]): string[] {
  return [...new Set(rows.map(({ row }) => row.label))];
}

async function sparsityCurves({ models }: ExperimentRecord, rows: readonly NamedRow[]): Promise<Html> {
  const positions = models.map(({ sparsity }) => String(Number((100 * sparsity).toFixed(1))));
  const figures: Html[] = [];
  for (const score of [...scoreNames, "disparity"] as const) {
    const valueOf = ({ summary }: ExperimentRow): number | undefined => summary?.[score]?.mean;
    const shown = rows.filter((named) => (score === "disparity" ? isMethod(named) : named.row.method !== "original"));
    const title = score === "disparity" ? "Disparity Ave." : score;
    const lines = labelsOf(shown).flatMap((label): Line[] => {
      const own = models.map(({ id }) => shown.find(({ row }) => row.label === label && row.model === id));
      const published = own.map((row) => publishedValue(row, score));
      const oracle = label === "Retrain";
      return [
        {
          name: label,
          values: own.map((row) => (row === undefined ? undefined : valueOf(row.row))),
          ...(oracle ? { role: "oracle" } : {}),
        },
        ...(published.every((value) => value === undefined)
          ? []
          : [{ name: `${label}, published`, values: published, role: { publishedOf: label } } as const]),
      ];
    });
    const description = `${title} over sparsity for ${labelsOf(shown).join(", ")}; the table holds the numbers.`;
    const chart = await linesChart(lines, { title: `${title}, percent`, positions, percent: true, description });
    const over = `means over seeds (${seedsOf(shown)}), over the sparsity of the original in percent`;
    const dotted = shown.some(({ published }) => published !== null) ? "; dotted: published (n = 10), 0 and 95 %" : "";
    figures.push(figure(title, chart, `${over}${dotted}`));
  }
  return charts(figures);
}

function publishedValue(row: NamedRow | undefined, score: ScoreName | "disparity"): number | undefined {
  const published = row?.published;
  if (published === null || published === undefined) return undefined;
  return (score === "disparity" ? published.disparity : published[score][0]) / 100;
}

async function methodBars({ models }: ExperimentRecord, rows: readonly NamedRow[]): Promise<Html> {
  const shown = rows.filter(isMethod);
  const labels = labelsOf(shown);
  const groups = models.map(({ id, label }) => ({
    name: label,
    values: labels.map(
      (name) => shown.find(({ row }) => row.label === name && row.model === id)?.row.summary?.disparity?.mean,
    ),
  }));
  const known = labels.filter((name) => shown.some(({ row, published }) => row.label === name && published !== null));
  const title = known.length === 0 ? "Disparity Ave." : "Disparity Ave., here";
  const figures = [figure(title, await disparityChart(labels, groups), hint(seedsOf(shown)))];
  if (known.length === 0) return charts(figures);
  const published = models
    .map(({ id, label }) => ({
      name: label,
      values: known.map((name) =>
        publishedValue(
          shown.find(({ row }) => row.label === name && row.model === id),
          "disparity",
        ),
      ),
    }))
    .filter(({ values }) => values.some((value) => value !== undefined));
  return charts([
    ...figures,
    figure("Disparity Ave., published", await disparityChart(known, published), hint("n = 10")),
  ]);
}

/** @param seeds how many, in words */
function hint(seeds: string): string {
  return `mean distance from Retrain over UA, MIA, RA and TA, in points, means over seeds (${seeds}): shorter is better`;
}

async function lossScatter(_record: ExperimentRecord, rows: readonly NamedRow[]): Promise<Html> {
  const figures: Html[] = [];
  for (const label of labelsOf(rows.filter(isMethod))) {
    const own = rows.filter(({ row }) => row.label === label);
    for (const score of ["UA", "MIA"] as const) {
      const cloud = (name: string, sparse: boolean): { name: string; points: Array<[number, number]> } => ({
        name,
        points: own
          .filter(({ model }) => model.sparsity > 0 === sparse)
          .flatMap(({ row }) =>
            row.repetitions.map(({ originalTrainLoss, scores }): [number, number] => [
              originalTrainLoss,
              scores[score],
            ]),
          ),
      });
      const chart = await scatterChart([cloud("dense", false), cloud("sparse", true)], {
        title: `${score} of ${label}, percent`,
        xName: "training loss of the original",
        description: `${score} of ${label} against the training loss of the original; the table holds the numbers.`,
      });
      figures.push(figure(`${score} after ${label}`, chart, `one point for each original and seed (${seedsOf(own)})`));
    }
  }
  return charts(figures);
}
