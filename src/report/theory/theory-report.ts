/** The theory's record as a page and as a table in Markdown: error and bound over sparsity, for each optimiser. */
import { groupBy, mean } from "../../util/lists.ts";
import { theoryBound, type TheoryPoint, type TheoryRecord } from "../../record/index.ts";
import { linesChart } from "../charts/lines.ts";
import { html, type Html } from "../html.ts";
import { htmlTable } from "../html-table.ts";
import { shellCommand, shortHash, shortPercent } from "../../format/index.ts";
import { definitions, findingSection, notesSection, renderPage } from "../page.ts";
import { environmentItems } from "../provenance.ts";
import { findingsTable } from "../findings-table.ts";
import { markdownTable } from "../text-tables.ts";

interface Row {
  readonly optimizer: string;
  readonly sparsity: number;
  readonly n: number;
  /** Means over seeds. */
  readonly error: number;
  readonly distance: number;
  readonly sigma: number;
  readonly bound: number;
  readonly trainLoss: number;
}

/** One row for each optimiser and sparsity, in the order of the points. */
export function theoryRows({ points }: Pick<TheoryRecord, "points">): Row[] {
  return groupBy(points, ({ optimizer, sparsity }) => `${optimizer} ${sparsity}`).map((group) => {
    const of = (value: (point: TheoryPoint) => number): number => mean(group.map(value));
    const [{ optimizer, sparsity }] = group;
    return {
      optimizer,
      sparsity,
      n: group.length,
      error: of(({ error }) => error),
      distance: of(({ distance }) => distance),
      sigma: of(({ sigma }) => sigma),
      bound: of(theoryBound),
      trainLoss: of(({ trainLoss }) => trainLoss),
    };
  });
}

const HEAD = ["Optimiser", "Sparsity", "n", "Error", "‖m⊙(θt − θ0)‖", "σ(m)", "Bound", "Original's training loss"];

const cells = (row: Row): string[] => [
  row.optimizer,
  `${shortPercent(row.sparsity)} %`,
  String(row.n),
  row.error.toPrecision(4),
  row.distance.toPrecision(4),
  row.sigma.toPrecision(4),
  row.bound < 1e-3 ? row.bound.toExponential(3) : row.bound.toPrecision(4),
  row.trainLoss.toFixed(4),
];

const correlationHead = ["Optimiser", "n", "Pearson", "95 % interval", "of logarithms"];
const correlationCells = ({
  optimizer,
  n,
  pearson,
  interval,
  logarithms,
}: TheoryRecord["correlations"][number]): string[] => [
  optimizer,
  String(n),
  pearson?.toFixed(3) ?? "none",
  interval?.map((end) => end.toFixed(2)).join(" to ") ?? "",
  logarithms?.toFixed(3) ?? "none",
];

/** Two tables: the points, and how bound and error go together. */
export function renderTheoryTable(record: TheoryRecord): string {
  return [
    markdownTable("Error and bound over sparsity", HEAD, theoryRows(record).map(cells), 1),
    markdownTable("Correlation of bound and error", correlationHead, record.correlations.map(correlationCells), 1),
    findingsTable([record.finding]),
  ]
    .join("\n\n")
    .concat("\n");
}

export async function renderTheoryReport(record: TheoryRecord): Promise<string> {
  const rows = theoryRows(record);
  const optimizers = [...new Set(rows.map(({ optimizer }) => optimizer))];
  const sparsities = [...new Set(rows.map(({ sparsity }) => sparsity))].sort((a, b) => a - b);
  const chart = (title: string, of: (row: Row) => number): Promise<Html> =>
    linesChart(
      optimizers.map((name) => ({
        name,
        values: sparsities.map((sparsity) => {
          const row = rows.find((candidate) => candidate.optimizer === name && candidate.sparsity === sparsity);
          return row === undefined ? undefined : of(row);
        }),
      })),
      {
        title,
        positions: sparsities.map((sparsity) => `${shortPercent(sparsity)} %`),
        logarithmic: true,
        description: `${title} over sparsity for ${optimizers.join(", ")}; the table holds the numbers.`,
      },
    );
  const body = html`<section>
      <h2>Error and bound over sparsity</h2>
      <div class="charts">${await chart("error", ({ error }) => error)}${await chart("bound", ({ bound }) => bound)}</div>
    </section>
    <section>
      <h2>The numbers</h2>
      ${htmlTable(HEAD, rows.map(cells))}
      <p>Bound: η² t ‖m⊙(θt − θ0)‖ σ(m), up to a constant; error: distance between the model after gradient ascent and Retrain's.</p>
    </section>
    <section>
      <h2>Correlation of bound and error</h2>
      ${htmlTable(correlationHead, record.correlations.map(correlationCells))}
    </section> `;
  const open = record.points.filter(({ sigmaConverged }) => !sigmaConverged).length;
  const notes = open === 0 ? [] : [`σ(m) had not converged at ${open} of ${record.points.length} points.`];
  return renderPage({
    title: record.name,
    lead: "Proposition 2 of Jia et al. 2023, measured",
    body: [findingSection(record.finding), notesSection(notes), body, provenance(record)],
    footer: `Made ${record.createdAt}`,
  });
}

function provenance({ environment, code, training, command }: TheoryRecord): Html {
  return html`<section>
    <h2>Where this comes from</h2>
    ${definitions([...environmentItems(environment), ["Code", shortHash(code)], ["Training", JSON.stringify(training)]])}
    <pre>${shellCommand(command)}</pre>
  </section>`;
}
