/** The verdict on a cleanse in plain words, derived from its record alone. */
import type { CleanseRecord } from "../record/index.ts";
import { integer, percent, points, sparsityName } from "./format.ts";
import { methodLabel } from "./scores.ts";
import type { Verdict } from "./verdict.ts";

/** A trigger that works less often than this has nothing to be cleansed of. */
const ATTACKED = 0.5;
/** Below this it works no longer: a model that never saw the trigger takes so many images for the target by mistake. */
const GONE = 0.1;
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
  const subject = `${methodLabel(record.run.method)} on the ${sparsityName(record.before.sparsity)} model`;
  const lost = record.before.metrics.SA.value - record.run.metrics.SA.value;
  if (after <= GONE) {
    return {
      level: lost > COST ? "caution" : "good",
      label: lost > COST ? "Cleansed, at a cost" : "Cleansed",
      headline: `${subject} has taken the ${attackName(attacked)} trigger away: its success rate fell ${fall}.`,
      sentences,
    };
  }
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
      "More steps, a larger rate or a larger penalty may be needed: look at the curve over steps.",
    ],
  };
}

/** Whether the trigger works no longer. */
export function isGone({ run }: Pick<CleanseRecord, "run">): boolean {
  const { ASR } = run.metrics;
  return ASR !== undefined && ASR.value <= GONE;
}

function attackName({ attack, classNames }: Attacked): string {
  return `${attack.attack} (target ${classNames[attack.target] ?? attack.target})`;
}

function blindVerdict(record: Judged): Verdict {
  return {
    level: "neutral",
    label: "Attack unknown",
    headline: `${integer(record.suspects.count)} suspected records were unlearned. Whether a trigger still works cannot be measured, because none is known.`,
    sentences: [costSentence(record)],
  };
}

function costSentence({ before, run }: Judged): string {
  const [earlier, later] = [before.metrics.SA.value, run.metrics.SA.value];
  const change = later - earlier;
  const how = change === 0 ? "is the same as before" : `${change > 0 ? "rose" : "fell"} by ${points(Math.abs(change))}`;
  return `The accuracy on clean test images ${how}: ${percent(later)}.`;
}

function ratingSentence({ DER }: Judged): string | undefined {
  if (DER === undefined) return undefined;
  const [low, high] = DER.interval;
  return `Defence effectiveness ${DER.value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}; 0.5 is nothing gained, 1 the best).`;
}

function suspectSentence({ suspects }: Judged): string | undefined {
  const { truth, count } = suspects;
  if (truth === undefined) return undefined;
  return `${integer(truth.found)} of the ${integer(count)} suspects are poisoned, of ${integer(truth.poisoned)} poisoned in all.`;
}
