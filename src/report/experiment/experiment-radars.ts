/** A small radar for each method of a grid: the shape of its scores against Retrain's. */
import type { ExperimentRecord, ScoreName } from "../../record/index.ts";
import { listing, percent } from "../../format/index.ts";
import { axisEndsFor, radarChart, type RadarSeries } from "../charts/radar.ts";
import { html, type Html } from "../html.ts";
import { figure } from "../page.ts";
import { isMethod, type NamedRow, retrainOf, scoreNames, seedsOf } from "./experiment-rows.ts";
import { publishedRadii } from "./published.ts";

/** @param rows of one scenario, which has at least one method */
export async function radarSection({ name }: ExperimentRecord, rows: readonly NamedRow[]): Promise<Html> {
  const methods = rows.filter(isMethod);
  const axisEnds = axisEndsFor([...methods, ...rows.filter(isRetrain)].map(valuesOf));
  const ends = scoreNames.map((score) => `${score} ${percent(axisEnds[score])}`);
  const radars: Html[] = [];
  for (const row of methods) {
    radars.push(await smallRadar(row, retrainOf(row, rows), axisEnds));
  }
  const published = await publishedRadar(name, rows);
  return html`<h3>Shape against Retrain</h3>
    <p class="hint">
      Green the method, dashed orange Retrain from the same original; means over seeds (${seedsOf(methods)}). All axes from 0, to ${listing(ends)}.
    </p>
    <div class="multiples">${radars}${published?.chart}</div>
    ${published?.hint}`;
}

function isRetrain({ row }: NamedRow): boolean {
  return row.method === "retrain";
}

function valuesOf({ row }: NamedRow): Record<ScoreName, number> {
  const of = (score: ScoreName): number => row.summary?.[score].mean ?? 0;
  return { UA: of("UA"), MIA: of("MIA"), RA: of("RA"), TA: of("TA") };
}

async function smallRadar(
  named: NamedRow,
  retrain: NamedRow | undefined,
  axisEnds: Readonly<Record<ScoreName, number>>,
): Promise<Html> {
  const { label } = named.row;
  const series: RadarSeries[] = [
    { name: label, role: "model", values: valuesOf(named) },
    ...(retrain === undefined ? [] : [{ name: "Retrain", role: "oracle" as const, values: valuesOf(retrain) }]),
  ];
  const description = `Radar chart of UA, MIA, RA and TA of ${label} from the ${named.model.label} original and of Retrain; the table holds the numbers.`;
  return figure(
    label,
    await radarChart(series, { size: 230, legend: false, axisEnds, description }),
    `${named.model.label} original`,
  );
}

/** Radii of l1-sparse as they were published, and in words those of FT, some of which the figure hides. */
async function publishedRadar(
  recipe: string,
  rows: readonly NamedRow[],
): Promise<{ readonly chart: Html; readonly hint: Html } | undefined> {
  const own = rows.find(({ row }) => row.label === "l1-sparse");
  const radii = own === undefined ? undefined : publishedRadii(recipe, own.scenario.kind);
  if (radii === undefined) return undefined;
  const { "l1-sparse": sparse, FT } = radii;
  const of = (score: ScoreName): number => sparse[score] ?? 0;
  const one = { UA: 1, MIA: 1, RA: 1, TA: 1 };
  const series: RadarSeries[] = [
    { name: "l1-sparse", role: "model", values: { UA: of("UA"), MIA: of("MIA"), RA: of("RA"), TA: of("TA") } },
    { name: "Retrain", role: "oracle", values: one },
  ];
  const description = "Radar chart of the published radii of l1-sparse, relative to Retrain's at the ends of the axes.";
  const others = Object.entries(FT).map(([score, radius]) => `${score} ${radius}`);
  const chart = await radarChart(series, { size: 230, legend: false, axisEnds: one, description });
  const hint = `Published (Jia et al. 2023, figure 5): radii relative to Retrain's, which are no percentages; run time ${sparse.RTE} of FT's; FT, as far as it can be seen: ${others.join(", ")}.`;
  return { chart: figure("l1-sparse", chart, "published"), hint: html`<p class="hint">${hint}</p>` };
}
