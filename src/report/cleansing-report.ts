/** A grid of cleanses as page and tables: attack success and clean accuracy over sparsity and over steps. */
import type { CleansingCell, CleansingRecord, CleansingSearchRecord, SummaryRecord } from "../record/index.ts";
import { mean } from "../util/lists.ts";
import { type Line, linesChart } from "./charts/lines.ts";
import { scatterChart } from "./charts/scatter.ts";
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
  "Robust accuracy",
  "DER",
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
    shown(cell.robustAccuracy),
    shown(cell.DER),
    first === undefined ? "" : String(first.steps),
    first === undefined ? "" : loss(first.originalTrainLoss),
  ];
}

const SEARCH_HEAD = ["Method", "Options", "Held-out accuracy before", "after", "chosen", "ASR after, not looked at"];

/** What was tried for the options of each method, and which the grid works with. */
function searchRows(searches: readonly CleansingSearchRecord[]): string[][] {
  return searches.flatMap(({ method, candidates, chosen }) =>
    candidates.map(({ options, before, after, ASR }, k) => [
      method,
      Object.entries(options)
        .map(([name, value]) => `${name} ${String(value)}`)
        .join(", "),
      percentCell(before),
      percentCell(after),
      k === chosen ? "yes" : "",
      percentCell(ASR),
    ]),
  );
}

/** The rule, and the model it was tried on. */
function searchRule([search]: readonly CleansingSearchRecord[]): string {
  if (search === undefined) return "";
  const { attack, sparsity, seed, tolerance } = search;
  const model = `${attack}, ${sparsity === 0 ? "dense" : `sparsity ${sparsity}`}, seed ${seed}`;
  return `Of the candidates, gentlest first, the last that costs at most ${percentCell(tolerance)} points of accuracy on the clean images held out of training is used in all rows, tried on one model: ${model}.`;
}

/** Scores in Markdown: the cells, ASR over steps, the finding, and the search for options. */
export function renderCleansingTable(record: CleansingRecord): string {
  const { cells, findings, searches } = record;
  const measured = measurementsOf(cells);
  const traces = measured.cells.map((cell) => traceRow(cell, measured));
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
      `Attack success over ${unitNames[measured.unit]}, percent, means over seeds`,
      ["Attack", "Model", ...measured.heads],
      traces,
    ),
    ...(found.length === 0
      ? []
      : [markdownTable("Published finding", ["Attack", "Finding", "Published", "Here", "Verdict"], found, 5)]),
    ...(searches.length === 0
      ? []
      : [
          markdownTable("Options, chosen on clean held-out images", SEARCH_HEAD, searchRows(searches), 2),
          searchRule(searches),
        ]),
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
    "der",
    "held_out_before",
    "held_out",
    "steps",
    "original_train_loss",
  ];
  const lines = cells.flatMap(({ attack, sparsity, label, repetitions }) =>
    repetitions.map(({ seed, before, after, DER, steps, originalTrainLoss }) => [
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
      DER,
      before.heldOut ?? "",
      after.heldOut ?? "",
      steps,
      originalTrainLoss,
    ]),
  );
  return csvText([head, ...lines]);
}

interface Measurements {
  /** Epochs where the cells take different numbers of steps in one, percent of the cleanse where they take different numbers of epochs. */
  readonly unit: "steps" | "epochs" | "percent";
  readonly heads: readonly string[];
  /** Cells that work in epochs: others have nothing between before and after. */
  readonly cells: readonly CleansingCell[];
  /** Attack success at each head, mean over seeds; before the cleanse first, after it last. */
  readonly valuesOf: (cell: CleansingCell) => (number | undefined)[];
}

/** Columns or ticks, at most about as many. */
const mostMeasurements = 10;

function measurementsOf(all: readonly CleansingCell[]): Measurements {
  const cells = all.filter(({ repetitions }) => repetitions.some(({ trace }) => trace.length > 1));
  const traces = cells.flatMap(({ repetitions }) => repetitions.map(({ trace }) => trace));
  const last = Math.max(0, ...traces.map(({ length }) => length - 1));
  if (traces.some(({ length }) => length - 1 !== last)) {
    const shares = Array.from({ length: mostMeasurements + 1 }, (_, i) => i / mostMeasurements);
    return {
      unit: "percent",
      heads: shares.map((share) => String(Math.round(100 * share))),
      cells,
      valuesOf: (cell) => shares.map((share) => traceAt(cell, (length) => Math.round(share * (length - 1)))),
    };
  }
  const every = Math.max(1, Math.ceil(last / mostMeasurements));
  const epochs = Array.from({ length: last + 1 }, (_, i) => i).filter((i) => i % every === 0 || i === last);
  const stepsAt = (epoch: number): Set<number> => new Set(traces.flatMap((trace) => trace[epoch]?.step ?? []));
  const unit = epochs.every((epoch) => stepsAt(epoch).size === 1) ? "steps" : "epochs";
  return {
    unit,
    heads: epochs.map((epoch) => String(unit === "steps" ? [...stepsAt(epoch)][0] : epoch)),
    cells,
    valuesOf: (cell) => epochs.map((epoch) => traceAt(cell, () => epoch)),
  };
}

const unitNames = { steps: "steps", epochs: "epochs", percent: "percent of the cleanse" } as const;

function traceAt({ repetitions }: CleansingCell, epochOf: (length: number) => number): number | undefined {
  const values = repetitions.flatMap(({ trace }) => trace[epochOf(trace.length)]?.ASR ?? []);
  return values.length === 0 ? undefined : mean(values);
}

function traceRow(cell: CleansingCell, { valuesOf }: Measurements): string[] {
  return [
    cell.attack,
    modelName(cell),
    ...valuesOf(cell).map((value) => (value === undefined ? "" : percentCell(value))),
  ];
}

export async function renderCleansingReport(record: CleansingRecord): Promise<string> {
  const { title, preset, seeds, name, findings, searches, cells, notes, environment, code, command, failures } = record;
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
    ${notesSection([...failures.map((failure) => `failed: ${failure.title}: ${failure.message}`), ...notes])} ${sections} ${searchSection(searches)}
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
      ${await figuresOf(attack, cells)}
    </div>
    ${tableOf(
      HEAD.slice(1),
      cells.map((cell) => rowOf(cell).slice(1)),
    )}
  </section> `;
}

function searchSection(searches: readonly CleansingSearchRecord[]): Html | undefined {
  if (searches.length === 0) return undefined;
  return html`<section>
    <h2>Options, chosen on clean held-out images</h2>
    <p class="hint">${searchRule(searches)}</p>
    ${tableOf(SEARCH_HEAD, searchRows(searches))}
  </section> `;
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): Html {
  return html`<div class="scroll">
    <table class="suite">
      <thead>
        <tr>
          ${head.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((value) => html`<td>${value}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

async function figuresOf(attack: string, cells: readonly CleansingCell[]): Promise<Html[]> {
  if (cells.some(({ suspects }) => suspects !== undefined)) return overSuspects(cells);
  const sparsities = new Set(cells.map(({ sparsity }) => sparsity));
  const figures = sparsities.size > 1 ? await overSparsity(attack, cells) : [await costAndGain(cells)];
  return [...figures, await overSteps(cells)];
}

/** Where each way ends: a good one is at the top left. */
async function costAndGain(cells: readonly CleansingCell[]): Promise<Html> {
  const repetitions = cells.flatMap((cell) => cell.repetitions);
  const before = new Map(repetitions.map(({ seed, before: { ASR, SA } }) => [seed, [ASR, SA] as const]));
  const clouds = [
    { name: "original", points: [...before.values()] },
    ...cells.map(({ label, repetitions: own }) => ({
      name: label,
      points: own.map(({ after: { ASR, SA } }) => [ASR, SA] as const),
    })),
  ];
  const chart = await scatterChart(clouds, {
    title: "SA, percent",
    xName: "ASR, share",
    xScale: "linear",
    description: "Clean accuracy over attack success of each model before and after; the table holds the numbers.",
  });
  return figure("SA over ASR", chart, "a point for each seed; top left is best");
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
  const { unit, heads, cells: traced, valuesOf } = measurementsOf(cells);
  const lines = traced.map((cell): Line => ({
    name: `${cell.label}, ${cell.sparsity === 0 ? "dense" : cell.sparsity}`,
    values: valuesOf(cell),
  }));
  const over = unit === "percent" ? unitNames.percent : `${unit} of the cleanse`;
  const chart = await linesChart(lines, {
    title: "ASR, percent",
    positions: heads,
    percent: true,
    description: `Attack success over ${over}; the table holds the numbers.`,
  });
  return figure(`ASR over ${over}`, chart, "on test images of other classes, means over seeds");
}
