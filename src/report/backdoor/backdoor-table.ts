/** A grid of cleanses as tables: scores with their intervals, attack success over steps, the published finding, and how options were chosen. */
import type {
  BackdoorCell,
  BackdoorIntervals,
  BackdoorExperimentRecord,
  OptionSearchRecord,
  SummaryRecord,
} from "../../record/index.ts";
import { publishedBackdoor } from "./published-backdoor.ts";
import { measurementsOf, type Measurements, unitNames } from "./backdoor-trace.ts";
import { meanCell, shareInterval } from "../experiment/experiment-rows.ts";
import { loss, optionList, percentCell, sentence } from "../../format/index.ts";
import { ATTACK_SUCCESS, type AttackSuccessForm } from "../scores.ts";
import { findingsTable } from "../findings-table.ts";
import { csvText, markdownTable, markdownText } from "../text-tables.ts";

const { ASR: OTHERS, ASRReference: ALL } = ATTACK_SUCCESS;

export const HEAD = [
  "Attack",
  "Model",
  "n",
  `${OTHERS}, before`,
  "after",
  `${ALL}, before`,
  "after",
  "published",
  "SA before",
  "after",
  "published",
  "Robust accuracy before",
  "after",
  "DER",
  "Steps",
  "Training loss before",
];

function modelName({ label, sparsity }: BackdoorCell): string {
  return `${label}, ${sparsity === 0 ? "dense" : `sparsity ${sparsity}`}`;
}

export function rowOf(cell: BackdoorCell): string[] {
  const { attack, sparsity, label, repetitions } = cell;
  const shown = (summary: SummaryRecord | undefined): string => (summary === undefined ? "" : meanCell(summary));
  const theirs = (score: "ASR" | "SA"): string => {
    const value = attack === "badnets" ? publishedBackdoor(label, score, sparsity) : undefined;
    return value === undefined ? "" : percentCell(value);
  };
  const [first] = repetitions;
  return [
    attack,
    modelName(cell),
    String(repetitions.length),
    shown(cell.ASRBefore),
    shown(cell.ASR),
    shown(cell.ASRReferenceBefore),
    shown(cell.ASRReference),
    theirs("ASR"),
    shown(cell.SABefore),
    shown(cell.SA),
    theirs("SA"),
    shown(cell.robustAccuracyBefore),
    shown(cell.robustAccuracy),
    shown(cell.DER),
    first === undefined ? "" : String(first.steps),
    first === undefined ? "" : loss(first.originalTrainLoss),
  ];
}

export const INTERVAL_HEAD = [
  "Attack",
  "Model",
  "n",
  `${OTHERS}, before`,
  "after",
  `${ALL}, before`,
  "after",
  "SA before",
  "after",
  "Robust accuracy before",
  "after",
  "DER",
];

export const INTERVAL_RULE =
  "Over seeds: Student t, cut off at 0 and 100. Of a single seed over test images: Clopper-Pearson, and for DER what four such intervals allow together.";

/** 95 % intervals of what `rowOf` gives, percent. */
export function intervalRowOf(cell: BackdoorCell): string[] {
  const { attack, repetitions } = cell;
  const images = repetitions.length === 1 ? repetitions[0]?.intervals : undefined;
  const of = (score: keyof BackdoorIntervals): string[] => [
    interval(cell[`${score}Before`], images?.before[score]),
    interval(cell[score], images?.after[score]),
  ];
  return [
    attack,
    modelName(cell),
    String(repetitions.length),
    ...of("ASR"),
    ...of("ASRReference"),
    ...of("SA"),
    ...of("robustAccuracy"),
    interval(cell.DER, images?.DER),
  ];
}

function interval(summary: SummaryRecord | undefined, images: readonly [number, number] | undefined): string {
  return summary === undefined ? "" : shareInterval(summary, images);
}

export const SEARCH_HEAD = [
  "Method",
  "Options",
  "Held-out accuracy before",
  "after",
  "chosen",
  `${OTHERS}, after, not looked at`,
  `${ALL}, after, not looked at`,
];

/** What was tried for the options of each method, and which the grid works with. */
export function searchRows(searches: readonly OptionSearchRecord[]): string[][] {
  return searches.flatMap(({ method, candidates, chosen, tolerance }) =>
    candidates.map(({ options, before, after, ASR, ASRReference }, k) => [
      method,
      optionList(options),
      percentCell(before),
      percentCell(after),
      k === chosen ? `yes${after < before - tolerance ? ", all cost more" : ""}` : "",
      percentCell(ASR),
      percentCell(ASRReference),
    ]),
  );
}

/** The rule, and the model it was tried on. */
export function searchRule([search]: readonly OptionSearchRecord[]): string {
  if (search === undefined) return "";
  const { attack, sparsity, seed, tolerance } = search;
  const model = `${attack}, ${sparsity === 0 ? "dense" : `sparsity ${sparsity}`}, seed ${seed}`;
  return `Of the candidates, gentlest first, the last that costs at most ${percentCell(tolerance)} points of accuracy on the clean images held out of training is used in all rows, or the first where all cost more, tried on one model: ${model}.`;
}

function traceRow(cell: BackdoorCell, form: AttackSuccessForm, { valuesOf }: Measurements): string[] {
  return [
    cell.attack,
    modelName(cell),
    ...valuesOf(cell, form).map((value) => (value === undefined ? "" : percentCell(value))),
  ];
}

/** Scores in Markdown: the remarks, the cells, their intervals, ASR over steps, the finding, and the search for options. */
export function renderBackdoorTable(record: BackdoorExperimentRecord): string {
  const { cells, findings, remarks, searches } = record;
  const measured = measurementsOf(cells);
  const traces = (["ASR", "ASRReference"] as const).map((form) =>
    markdownTable(
      `${ATTACK_SUCCESS[form]}, over ${unitNames[measured.unit]}, percent, means over seeds`,
      ["Attack", "Model", ...measured.heads],
      measured.cells.map((cell) => traceRow(cell, form, measured)),
    ),
  );
  const found = findingsTable(findings);
  return [
    ...(remarks.length === 0 ? [] : [remarks.map(({ text }) => `- ${markdownText(sentence(text))}`).join("\n")]),
    markdownTable(
      "Attack success and clean accuracy, percent: mean ± standard deviation over seeds",
      HEAD,
      cells.map(rowOf),
    ),
    markdownTable("95 % intervals of these, percent", INTERVAL_HEAD, cells.map(intervalRowOf)),
    INTERVAL_RULE,
    ...traces,
    ...(found === "" ? [] : [found]),
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
export function renderBackdoorCsv({ cells }: BackdoorExperimentRecord): string {
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
    "robust_accuracy_before",
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
      before.robustAccuracy,
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
