/** Transfer with source classes removed, as a page and as a table in Markdown. */
import { type ClassRanking, NOTHING_REMOVED, type SummaryRecord, type TransferRecord } from "../../record/index.ts";
import { type Line, linesChart } from "../charts/lines.ts";
import { duration, integer, percentCell, plural, pointsCell, shellCommand } from "../../format/index.ts";
import { shareInterval } from "../experiment/experiment-rows.ts";
import { html, type Html, type HtmlValue } from "../html.ts";
import { htmlTable } from "../html-table.ts";
import { definitions, figure, notesSection, renderPage, verdictSection } from "../page.ts";
import { environmentItems } from "../provenance.ts";
import { methodLabel } from "../scores.ts";
import { markdownRows } from "../text-tables.ts";
import { MOST_NAMED, probeCautions, removalVerdict } from "./transfer-verdict.ts";

const INTERVAL = "95 % interval";
const HEAD = [
  "Method",
  "Removed",
  "n",
  "Target accuracy",
  INTERVAL,
  "Gain",
  INTERVAL,
  "Gap to Retrain",
  INTERVAL,
  "Forgetting",
  "Transfer",
];

/** One line for each method and number of classes: percent, and points of difference. */
function cells({ rows, points }: TransferRecord): string[][] {
  return rows.map(({ method, removed, accuracy, gain, gap, forgetSeconds, transferSeconds }) => [
    method === NOTHING_REMOVED ? "all classes" : methodLabel(method),
    removedCell(removed),
    String(accuracy.n),
    percentCell(accuracy.mean),
    shareInterval(accuracy, only(points, method, removed.length)),
    ...difference(gain),
    ...difference(gap),
    forgetSeconds === undefined ? "" : duration(forgetSeconds),
    duration(transferSeconds),
  ]);
}

function removedCell(removed: readonly string[]): string {
  if (removed.length === 0) return "0";
  const more = removed.length > MOST_NAMED ? ", …" : "";
  return `${removed.length}: ${removed.slice(0, MOST_NAMED).join(", ")}${more}`;
}

function only(points: TransferRecord["points"], method: string, count: number): readonly [number, number] | undefined {
  return points.find((point) => point.method === method && point.removed.length === count)?.accuracy.interval;
}

function difference(summary: SummaryRecord | undefined): [string, string] {
  if (summary === undefined) return ["", ""];
  return [pointsCell(summary.mean), summary.interval === null ? "none" : summary.interval.map(pointsCell).join(" to ")];
}

const RANKING_HEAD = ["Source class", "Share of target images", "Mean probability", "Leave-out value"];

function rankingCells({ classes }: ClassRanking): string[][] {
  return classes.map(({ name, share, probability, leaveOut }) => [
    name,
    percentCell(share),
    percentCell(probability),
    leaveOut === undefined ? "not measured" : pointsCell(leaveOut),
  ]);
}

/** What each way of ranking took. */
function rankingCost({ images, countSeconds, leaveOutSeconds, leaveOutImages }: ClassRanking): string {
  const counting = `Counting: one pass over ${plural(images, "target image")}, ${duration(countSeconds)}.`;
  if (leaveOutSeconds === undefined) return `${counting} Leave-out: not asked for.`;
  return `${counting} Leave-out: a forgetting and a transfer for each class, ${duration(leaveOutSeconds)}, scored on ${plural(leaveOutImages ?? 0, "held-out target image")}.`;
}

/** The verdict, the rows and the ranking. */
export function renderTransferTable(record: TransferRecord): string {
  const { headline, sentences } = removalVerdict(record);
  const { ranking } = record;
  const caution = probeCautions(record).map((sentence) => `\n\n${sentence}`);
  const ranked =
    ranking === undefined
      ? ""
      : `\nSource classes, the one of the lowest value first (by ${ranking.by}):\n\n${markdownRows(RANKING_HEAD, rankingCells(ranking), 1)}\n\n${rankingCost(ranking)}\n`;
  return `${[headline, ...sentences].join(" ")}${caution.join("")}\n\n${markdownRows(HEAD, cells(record), 1)}\n${ranked}`;
}

export async function renderTransferReport(record: TransferRecord): Promise<string> {
  const { name, source, target, probe, ranking } = record;
  return renderPage({
    title: name,
    lead: `${source.arch} from ${source.classNames.length} classes of ${source.data} to ${target.classNames.length} classes of ${target.data}, ${probe === "linear" ? "linear probe" : "full fine-tuning"}`,
    body: html`${verdictSection(removalVerdict(record))} ${notesSection([...probeCautions(record), ...target.notes, ...record.notes])}
      <section>
        <h2>Target accuracy over source classes removed</h2>
        <div class="charts">${await accuracyFigure(record)}</div>
        <p class="hint">
          Percent of ${integer(target.numTest)} test images, mean over seeds; gain over the whole source and gap to Retrain on the same classes in points, seed
          by seed. Intervals: 95 %, over seeds (Student t); of the accuracy of a single seed over images (Clopper-Pearson). Times are means.
        </p>
        ${htmlTable(
          HEAD.filter((head) => head !== INTERVAL),
          cells(record).map(stacked),
          { class: "wide" },
        )}
      </section>
      ${ranking === undefined ? undefined : rankingSection(ranking)} ${provenanceSection(record)}`,
    footer: `Made ${record.createdAt} by ${shellCommand(record.command)}`,
  });
}

function rankingSection(ranking: ClassRanking): Html {
  return html`<section>
    <h2>What the source classes are worth to the target</h2>
    <p class="hint">
      Lowest value first, by ${ranking.by}: the first are removed. Share and probability: of the classes that the source gives the target's training images. Leave-out
      value: points of accuracy on held-out target images that are lost without the class. ${rankingCost(ranking)}
    </p>
    ${htmlTable(RANKING_HEAD, rankingCells(ranking), { class: "wide" })}
  </section> `;
}

async function accuracyFigure({ rows }: TransferRecord): Promise<Html> {
  const counts = [...new Set(rows.map(({ removed }) => removed.length))].toSorted((a, b) => a - b);
  const whole = rows.find(({ method }) => method === NOTHING_REMOVED)?.accuracy.mean;
  const methods = [...new Set(rows.map(({ method }) => method))].filter((method) => method !== NOTHING_REMOVED);
  const lines = methods.map((method): Line => {
    const at = (count: number): number | undefined =>
      count === 0 ? whole : rows.find((row) => row.method === method && row.removed.length === count)?.accuracy.mean;
    const line = { name: methodLabel(method), values: counts.map(at) };
    return method === "retrain" ? { ...line, role: "oracle" } : line;
  });
  const chart = await linesChart(lines, {
    title: "accuracy, %",
    positions: counts.map(String),
    percent: true,
    zoomed: true,
    description: `Target accuracy over the number of source classes removed by ${methods.join(", ")}; the table holds the numbers.`,
  });
  return figure("Target accuracy", chart, "over the number of source classes removed; the axis does not begin at zero");
}

function provenanceSection({ source, target, probe, recipe, environment, command }: TransferRecord): Html {
  return html`<section>
    <h2>Where this comes from</h2>
    ${definitions([
      ["Source", `${source.run ?? "trained for each seed"}: ${source.classNames.join(", ")}`],
      ["Target", `${target.data}, ${plural(target.numTrain, "training image")}: ${target.classNames.join(", ")}`],
      ["Target digest", target.digest],
      ["Probe", `${probe}, ${JSON.stringify(recipe)}`],
      ...environmentItems(environment),
    ])}
    <h3>To do it again</h3>
    <pre>${shellCommand(command)}</pre>
  </section> `;
}

/** Each interval below its value. */
function stacked(row: readonly string[]): HtmlValue[] {
  return row.flatMap((cell, i): HtmlValue[] => {
    if (HEAD[i] === INTERVAL) return [];
    const interval = HEAD[i + 1] === INTERVAL ? row[i + 1] : undefined;
    return [interval === undefined || interval === "" ? cell : html`${cell}<small>${interval}</small>`];
  });
}
