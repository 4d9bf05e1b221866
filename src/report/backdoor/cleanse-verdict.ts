/** The verdict on a cleanse in plain words, derived from its record alone. */
import type { CleanseRecord, TrojanScores } from "../../record/index.ts";
import { integer, intervalCell, percent, points, sparsityName } from "../../format/index.ts";
import { methodLabel } from "../scores.ts";
import type { Verdict } from "../run/verdict.ts";
import { numberedClass } from "../../util/numbered-class.ts";

/** A trigger that works less often than this has nothing to be cleansed of. Recipes ask for 95 % of models they have poisoned themselves; a found one may carry less. */
const ATTACKED = 0.5;
/**
 * Up to this it works no longer: a model that never saw the trigger classifies so many images as the target by mistake. Stricter than the 20 % of the recipes,
 * which judge means over seeds beside a published curve: this is one model, about to be used.
 */
export const GONE = 0.1;
/** What remains of the attack, as a share of what there was, that counts as much less. */
const HALF = 0.5;
/** Clean accuracy lost that a reader must be told of. */
const COST = 0.05;

/** What a verdict is derived from. */
export type Judged = Pick<CleanseRecord, "run" | "before" | "DER" | "attack" | "suspects" | "classNames">;
type Attacked = Judged & { readonly attack: NonNullable<CleanseRecord["attack"]> };

/** What was done, and whether it helped. */
export function cleanseVerdict(record: Judged): Verdict {
  const [before, after] = [record.before.metrics.ASR?.value, record.run.metrics.ASR?.value];
  if (record.attack === undefined || before === undefined || after === undefined) return blindVerdict(record);
  if (isGuessing(record.run.metrics.SA, record)) return uselessVerdict(record);
  const attacked = record as Attacked;
  const fall = `from ${percent(before)} to ${percent(after)}`;
  const sentences = [costSentence(record), ratingSentence(record), suspectSentence(record)].filter(
    (sentence) => sentence !== undefined,
  );
  if (before < ATTACKED) {
    return {
      level: "neutral",
      label: "Nothing to cleanse",
      headline: `The ${attackName(attacked)} trigger did not work on the model before: it led ${percent(before)} of the images of other classes to the target class, ${percent(after)} now.`,
      sentences,
    };
  }
  if (after <= GONE) return { ...goneVerdict(attacked, fall), sentences };
  const subject = subjectOf(record);
  if (after <= HALF * before) {
    return {
      level: "caution",
      label: "Partly cleansed",
      headline: `${subject} has weakened the ${attackName(attacked)} trigger, whose success rate fell ${fall}, but it still works.`,
      sentences,
    };
  }
  return {
    level: "bad",
    label: "Not cleansed",
    headline: `The ${attackName(attacked)} trigger still works after ${subject}: its success rate went ${fall}.`,
    sentences: [
      ...sentences,
      record.suspects === undefined
        ? "Stronger settings of the method may be needed, or suspected images to forget."
        : "More steps, a larger rate or a larger penalty may be needed: look at the curve over steps.",
    ],
  };
}

function goneVerdict(record: Attacked, fall: string): Pick<Verdict, "level" | "label" | "headline"> {
  const lost = record.before.metrics.SA.value - record.run.metrics.SA.value;
  const { robustAccuracy } = record.run.metrics;
  if (robustAccuracy !== undefined && isGuessing(robustAccuracy, record)) {
    return {
      level: "caution",
      label: "Still misclassified",
      headline: `After ${subjectOf(record)} the ${attackName(record)} trigger no longer leads to the target class, its success rate fell ${fall}, but images that bear it are right only in ${percent(robustAccuracy.value)}, ${likeGuessing(record)}.`,
    };
  }
  return {
    level: lost > COST ? "caution" : "good",
    label: lost > COST ? "Cleansed, at a cost" : "Cleansed",
    headline: `${subjectOf(record)} has taken the ${attackName(record)} trigger away: its success rate fell ${fall}.`,
  };
}

/** A model that guesses answers no trigger either. */
function uselessVerdict(record: Judged): Verdict {
  return {
    level: "bad",
    label: "Useless",
    headline: `${subjectOf(record)} leaves a model that is right on ${percent(record.run.metrics.SA.value)} of the clean test images, ${likeGuessing(record)}: that a trigger works on it or not says nothing.`,
    sentences: [costSentence(record)],
  };
}

function likeGuessing({ classNames }: Judged): string {
  return `no more than guessing among ${integer(classNames.length)} classes`;
}

/** Whether an accuracy may as well be that of guessing, by its interval. */
function isGuessing({ interval }: TrojanScores["SA"], { classNames }: Judged): boolean {
  return interval[0] <= 1 / classNames.length;
}

function subjectOf({ run, before }: Judged): string {
  return `${methodLabel(run.method)} on the ${sparsityName(before.sparsity)} model`;
}

/** Whether the trigger works no longer. */
export function isGone({ run }: Pick<CleanseRecord, "run">): boolean {
  const { ASR } = run.metrics;
  return ASR !== undefined && ASR.value <= GONE;
}

function attackName({ attack, classNames }: Attacked): string {
  return `${attack.attack} (target ${numberedClass(attack.target, classNames)})`;
}

function blindVerdict(record: Judged): Verdict {
  const { SA } = record.run.metrics;
  return {
    level: "neutral",
    label: "Attack unknown",
    headline: `${mended(record)}. Whether a trigger still works cannot be measured, because none is known.`,
    sentences: [costSentence(record), ...(isGuessing(SA, record) ? [`That is ${likeGuessing(record)}.`] : [])],
  };
}

/** What was done, where no trigger is known. */
export function mended({ suspects }: Pick<Judged, "suspects">): string {
  return suspects === undefined
    ? "The model was mended without a list of suspects"
    : `${integer(suspects.count)} suspected images were unlearned`;
}

function costSentence({ before, run }: Judged): string {
  const [earlier, later] = [before.metrics.SA.value, run.metrics.SA.value];
  const change = later - earlier;
  const how = change === 0 ? "is the same as before" : `${change > 0 ? "rose" : "fell"} by ${points(Math.abs(change))}`;
  return `The accuracy on clean test images ${how}: ${percent(later)}.`;
}

function ratingSentence({ DER }: Judged): string | undefined {
  if (DER === undefined) return undefined;
  return `Defence effectiveness ${percent(DER.value)} (${intervalCell(DER.interval)}; 50 is nothing gained, 100 the best).`;
}

function suspectSentence({ suspects }: Judged): string | undefined {
  if (suspects?.truth === undefined) return undefined;
  const { truth, count } = suspects;
  return `${integer(truth.found)} of the ${integer(count)} suspects are poisoned, of ${integer(truth.poisoned)} poisoned in all.`;
}
