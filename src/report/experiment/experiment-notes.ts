/** What a reader must know before believing a grid: its recipe's notes, those of its runs, and what follows from its rows. */
import type { ExperimentRecord, ExperimentRow } from "../../record/index.ts";
import { listing, loss, percent } from "../../format/index.ts";
import { mean } from "../../util/lists.ts";
import { FITTED_ACCURACY } from "../run/notes.ts";

/** Originals whose training losses differ by this factor have not fitted equally well. */
const UNEQUAL_LOSS = 2;

export function experimentNotes(record: ExperimentRecord): string[] {
  return [...record.notes, ...fitNotes(record), ...warningsOf(record)];
}

/** A warning that does not hold everywhere begins with where it does. */
function warningsOf({ warnings = [], scenarios }: ExperimentRecord): string[] {
  return warnings.map(({ text, scenarios: own }) => {
    const titles = scenarios.filter(({ id }) => own.includes(id)).map(({ title }) => title);
    return titles.length === scenarios.length ? text : `${listing(titles)}: ${text}`;
  });
}

interface Original {
  readonly label: string;
  /** Means over seeds, on the training images. */
  readonly loss: number;
  readonly accuracy: number;
}

function fitNotes(record: ExperimentRecord): string[] {
  const originals = record.models.flatMap(({ id, label }): Original[] => {
    const row = record.rows.find(({ model, method }) => model === id && method === "original");
    return row?.summary === undefined
      ? []
      : [{ label, loss: row.summary.originalTrainLoss.mean, accuracy: accuracyOf(row) }];
  });
  return [...unequalNote(originals), ...unfittedNote(originals)];
}

function accuracyOf({ repetitions }: ExperimentRow): number {
  return mean(repetitions.map(({ originalTrainAccuracy }) => originalTrainAccuracy));
}

function unequalNote(originals: readonly Original[]): string[] {
  const losses = originals.map((original) => original.loss).filter((value) => value > 0);
  if (losses.length < 2 || Math.max(...losses) / Math.min(...losses) < UNEQUAL_LOSS) return [];
  const shown = listing(originals.map((original) => `${loss(original.loss)} ${original.label}`));
  return [
    `The originals have not fitted their data equally well (training loss ${shown}). How well an original has fitted moves UA and MIA by itself, so a difference between originals need not come from sparsity.`,
  ];
}

function unfittedNote(originals: readonly Original[]): string[] {
  const unfitted = originals.filter(({ accuracy }) => accuracy < FITTED_ACCURACY);
  if (unfitted.length === 0) return [];
  const shown = listing(unfitted.map(({ label, accuracy }) => `${label} ${percent(accuracy)}`));
  const which = unfitted.length === originals.length ? "The" : "Some";
  return [
    `${which} originals have not fitted what they were trained on (share of the training images right: ${shown}). Such a model forgets easily whatever the method, so its scores say little about the method.`,
  ];
}
