/** A grid of cleanses as page and tables: attack success and clean accuracy over sparsity and over steps. */
import type { CleansingCell, CleansingRecord, SummaryRecord } from "../record/index.ts";
import { mean } from "../util/lists.ts";
import { type Line, linesChart } from "./charts/lines.ts";
import { meanCell } from "./experiment-rows.ts";
import { loss, percentCell, rangeCell, shellCommand, shortHash } from "./format.ts";
import { html, type Html } from "./html.ts";
import { definitions, figure, findingSection, notesSection, renderPage } from "./page.ts";
import { environmentItems } from "./provenance.ts";
import { csvText, markdownTable } from "./text-tables.ts";

/**
 * Percent, read from the published figure to about 0.3; attack success over all test images.
 *
 * Source  Jia et al., NeurIPS 2023, arXiv:2304.04934, figure 6: CIFAR-10, ResNet-18, BadNets
 */
const publishedSparsities = [0, 0.75, 0.9, 0.95, 0.99] as const;
const published = {
  original: { ASR: [99.9, 100, 100, 100, 100], SA: [94.3, 94.4, 94.1, 93.9, 91.5] },
  FT: { ASR: [46.8, 43.2, 15.4, 14.4, 11.1], SA: [93.5, 94.0, 93.7, 92.8, 89.4] },
  "l1-sparse": { ASR: [13.7], SA: [93.0] },
} as const;

function publishedAt(label: string, score: "ASR" | "SA", sparsity: number): number | undefined {
  const at = publishedSparsities.findIndex((each) => each === sparsity);
  const value = label in published ? published[label as keyof typeof published][score][at] : undefined;
  return value === undefined ? undefined : value / 100;
}

const HEAD = [
  "Attack",
  "Model",
  "n",
  "ASR before",
  "ASR after",
  "95 % interval",
  "ASR, reference, before",
  "ASR, reference, after",
  "published",
  "SA before",
  "SA after",
  "published",
  "Steps",
  "Training loss before",
];

function modelName({ label, sparsity }: CleansingCell): string {
  return `${label}, ${sparsity === 0 ? "dense" : `sparsity ${sparsity}`}`;
}

function rowOf(cell: CleansingCell): string[] {
  const { attack, sparsity, label, repetitions, ASR } = cell;
  const shown = (summary: SummaryRecord | undefined): string => (summary === undefined ? "" : meanCell(summary));
  const theirs = (score: "ASR" | "SA"): string => {
    const value = attack === "badnets" ? publishedAt(label, score, sparsity) : undefined;
    return value === undefined ? "" : percentCell(value);
  };
  const [first] = repetitions;
  return [
    attack,
    modelName(cell),
    String(repetitions.length),
    shown(cell.ASRBefore),
    shown(ASR),
    ASR?.interval === null || ASR === undefined ? "" : rangeCell(ASR.interval),
    shown(cell.ASRReferenceBefore),
    shown(cell.ASRReference),
    theirs("ASR"),
    shown(cell.SABefore),
    shown(cell.SA),
    theirs("SA"),
    first === undefined ? "" : String(first.steps),
    first === undefined ? "" : loss(first.originalTrainLoss),
  ];
}

/** Scores in Markdown: the cells, ASR over steps, and the finding. */
export function renderCleansingTable(record: CleansingRecord): string {
  const { cells, findings } = record;
  const measured = measurementsOf(cells);
  const traces = cells.filter(({ repetitions }) => repetitions.length > 0).map((cell) => traceRow(cell, measured));
  const found = findings.map(({ attack, claim, published: theirs, ours, verdict }) => [
    attack,
    claim,
    theirs,
    ours,
    verdict,
  ]);
  return [
    markdownTable("Attack success and clean accuracy, percent", HEAD, cells.map(rowOf)),
    markdownTable(
      `Attack success over ${measured.unit}, percent, means over seeds`,
      ["Attack", "Model", ...measured.heads],
      traces,
    ),
    ...(found.length === 0
      ? []
      : [markdownTable("Published finding", ["Attack", "Finding", "Published", "Here", "Verdict"], found, 5)]),
  ]
    .join("\n\n")
    .concat("\n");
}

/** Every repetition in CSV, fractions. */
export function renderCleansingCsv({ cells }: CleansingRecord): string {
  const head = [
    "attack",
    "sparsity",
    "label",
    "seed",
    "asr_before",
    "asr",
    "asr_reference_before",
    "asr_reference",
    "sa_before",
    "sa",
    "robust_accuracy",
    "steps",
    "original_train_loss",
  ];
  const lines = cells.flatMap(({ attack, sparsity, label, repetitions }) =>
    repetitions.map(({ seed, before, after, steps, originalTrainLoss }) => [
      attack,
      sparsity,
      label,
      seed,
      before.ASR,
      after.ASR,
      before.ASRReference,
      after.ASRReference,
      before.SA,
      after.SA,
      after.robustAccuracy,
      steps,
      originalTrainLoss,
    ]),
  );
  return csvText([head, ...lines]);
}

interface Measurements {
  /** Epochs where the cells take different numbers of steps in one. */
  readonly unit: "steps" | "epochs";
  /** At most about ten, each of an epoch's end; 0 is before the cleanse. */
  readonly epochs: readonly number[];
  readonly heads: readonly string[];
}

function measurementsOf(cells: readonly CleansingCell[]): Measurements {
  const traces = cells.flatMap(({ repetitions }) => repetitions.map(({ trace }) => trace));
  const longest = Math.max(0, ...traces.map(({ length }) => length));
  const every = Math.max(1, Math.ceil((longest - 1) / 10));
  const epochs = Array.from({ length: longest }, (_, i) => i).filter((i) => i % every === 0 || i === longest - 1);
  const stepsAt = (epoch: number): Set<number> => new Set(traces.flatMap((trace) => trace[epoch]?.step ?? []));
  const unit = epochs.every((epoch) => stepsAt(epoch).size === 1) ? "steps" : "epochs";
  const heads = epochs.map((epoch) => String(unit === "steps" ? [...stepsAt(epoch)][0] : epoch));
  return { unit, epochs, heads };
}

function traceAt({ repetitions }: CleansingCell, epoch: number): number | undefined {
  const values = repetitions.flatMap(({ trace }) => trace[epoch]?.ASR ?? []);
  return values.length === 0 ? undefined : mean(values);
}

function traceRow(cell: CleansingCell, { epochs }: Measurements): string[] {
  const values = epochs.map((epoch) => traceAt(cell, epoch));
  return [cell.attack, modelName(cell), ...values.map((value) => (value === undefined ? "" : percentCell(value)))];
}

export async function renderCleansingReport(record: CleansingRecord): Promise<string> {
  const { title, preset, seeds, name, findings, cells, notes, environment, code, command, failures } = record;
  const attacks = [...new Set(cells.map(({ attack }) => attack))];
  const sections: Html[] = [];
  for (const attack of attacks)
    sections.push(
      await attackSection(
        attack,
        cells.filter((cell) => cell.attack === attack),
      ),
    );
  return renderPage({
    title,
    lead: `Recipe ${name}, preset ${preset}, ${seeds.length} ${seeds.length === 1 ? "seed" : "seeds"}`,
    body: html`${findings.map((finding) => findingSection(finding, finding.attack))}
    ${notesSection([...failures.map((failure) => `failed: ${failure.title}: ${failure.message}`), ...notes])} ${sections}
      <section>
        <h2>Where this comes from</h2>
        ${definitions([...environmentItems(environment), ["Code", shortHash(code)]])}
        <pre>${shellCommand(command)}</pre>
      </section>`,
    footer: `Made ${record.createdAt}`,
  });
}

async function attackSection(attack: string, cells: readonly CleansingCell[]): Promise<Html> {
  return html`<section>
    <h2>${attack}</h2>
    <p class="hint">
      Percent. ASR: triggered test images of other classes taken for the target; reference: of all test images, as published. SA: accuracy on clean test
      images.
    </p>
    <div class="charts">
      ${
        cells.some(({ suspects }) => suspects !== undefined)
          ? await overSuspects(cells)
          : [...(await overSparsity(attack, cells)), await overSteps(cells)]
      }
    </div>
    <div class="scroll">
      <table class="suite">
        <thead>
          <tr>
            ${HEAD.slice(1).map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${cells.map(
            (cell) =>
              html`<tr>
                ${rowOf(cell)
                  .slice(1)
                  .map((value) => html`<td>${value}</td>`)}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
  </section> `;
}

async function overSparsity(attack: string, cells: readonly CleansingCell[]): Promise<Html[]> {
  const sparsities = [...new Set(cells.map(({ sparsity }) => sparsity))].sort((a, b) => a - b);
  const positions = sparsities.map((sparsity) => String(Number((100 * sparsity).toFixed(1))));
  const at = (label: string, sparsity: number): CleansingCell | undefined =>
    cells.find((cell) => cell.label === label && cell.sparsity === sparsity);
  const figures: Html[] = [];
  for (const score of ["ASR", "SA"] as const) {
    const value = score === "ASR" ? "ASRReference" : "SA";
    const lines: Line[] = [
      { name: "original", values: sparsities.map((sparsity) => at("FT", sparsity)?.[`${value}Before`]?.mean) },
      { name: "FT", values: sparsities.map((sparsity) => at("FT", sparsity)?.[value]?.mean) },
      { name: "l1-sparse", values: sparsities.map((sparsity) => at("l1-sparse", sparsity)?.[value]?.mean) },
    ];
    const theirs = (["original", "FT", "l1-sparse"] as const).map((label): Line => ({
      name: `${label}, published`,
      values: sparsities.map((sparsity) => publishedAt(label, score, sparsity)),
      role: { publishedOf: label },
    }));
    const title = score === "ASR" ? "ASR, reference" : "SA";
    const chart = await linesChart(attack === "badnets" ? [...lines, ...theirs] : lines, {
      title: `${title}, percent`,
      positions,
      percent: true,
      description: `${title} over sparsity before and after; the table holds the numbers.`,
    });
    figures.push(figure(title, chart, "over sparsity in percent; dotted: published"));
  }
  return figures;
}

/** Two curves: how much of the poison is known, and how many clean records are suspected beside all of it. */
async function overSuspects(cells: readonly CleansingCell[]): Promise<Html[]> {
  const parts = [
    { what: "known" as const, of: cells.filter(({ suspects }) => suspects?.mixed === 0) },
    { what: "mixed" as const, of: cells.filter(({ suspects }) => suspects?.known === 1) },
  ];
  const titles = { known: "share of the poison that is known", mixed: "clean records suspected for each poisoned one" };
  const figures: Html[] = [];
  for (const { what, of } of parts.filter((part) => part.of.length > 0)) {
    const lines: Line[] = [
      { name: "ASR before", values: of.map(({ ASRBefore }) => ASRBefore?.mean) },
      { name: "ASR after", values: of.map(({ ASR }) => ASR?.mean) },
      { name: "SA after", values: of.map(({ SA }) => SA?.mean) },
    ];
    const chart = await linesChart(lines, {
      title: "percent",
      positions: of.map(({ suspects }) => String(suspects?.[what] ?? "")),
      percent: true,
      description: `Attack success and clean accuracy over the ${titles[what]}; the table holds the numbers.`,
    });
    figures.push(figure("ASR and SA", chart, `over the ${titles[what]}`), await overSteps(of));
  }
  return figures;
}

async function overSteps(cells: readonly CleansingCell[]): Promise<Html> {
  const { unit, epochs, heads } = measurementsOf(cells);
  const lines = cells.map((cell): Line => ({
    name: `${cell.label}, ${cell.sparsity === 0 ? "dense" : cell.sparsity}`,
    values: epochs.map((epoch) => traceAt(cell, epoch)),
  }));
  const chart = await linesChart(lines, {
    title: "ASR, percent",
    positions: heads,
    percent: true,
    description: `Attack success over ${unit} of the cleanse; the table holds the numbers.`,
  });
  return figure(`ASR over ${unit} of the cleanse`, chart, "on test images of other classes, means over seeds");
}
