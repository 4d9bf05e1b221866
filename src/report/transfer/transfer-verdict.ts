/**
 * Whether removing source classes helped the target, as far as the intervals tell: it did where the 95 % interval of the gain lies above zero, it hurt
 * where it lies below, and it is undecided where zero is within, where there is no interval, and where all seeds gave the very same gain: then the interval
 * has no width because images are counted in whole ones, not because the gain is known.
 */
import { type SummaryRecord, type TransferRecord, type TransferRow } from "../../record/index.ts";
import { listing, percent, plural, points, pointsCell } from "../../format/index.ts";
import { methodLabel } from "../scores.ts";
import type { Verdict } from "../run/verdict.ts";

/** More classes than these are counted, not named. */
export const MOST_NAMED = 4;

type Outcome = "helped" | "hurt" | "undecided";

/** Of a gain. */
export function outcomeOf({ interval, deviation }: Pick<SummaryRecord, "interval" | "deviation">): Outcome {
  if (interval === null || deviation === 0) return "undecided";
  const [low, high] = interval;
  if (low > 0) return "helped";
  return high < 0 ? "hurt" : "undecided";
}

export function removalVerdict({ rows, points: measured }: Pick<TransferRecord, "rows" | "points">): Verdict {
  const compared = rows.flatMap((row) => (row.gain === undefined ? [] : [{ row, gain: row.gain }]));
  const of = (wanted: Outcome): typeof compared => compared.filter(({ gain }) => outcomeOf(gain) === wanted);
  const [helped, hurt] = [of("helped"), of("hurt")];
  const seeds = new Set(measured.map(({ seed }) => seed)).size;
  const support = seeds === 1 ? [oneSeed] : [...decided("raised", helped), ...decided("lowered", hurt)];
  const chance = helped.length + hurt.length === 0 ? [] : [byChance(compared.length)];
  const best = compared.toSorted((a, b) => b.gain.mean - a.gain.mean).slice(0, 1);
  return {
    ...headlineOf(helped.length, hurt.length, compared.length),
    sentences: [...support, ...chance, ...best.map(({ row, gain }) => bestSentence(row, gain))],
  };
}

/** What makes differences meaningless: a probe of the whole source that does no better than guessing. */
export function probeCautions({ points: measured, target }: Pick<TransferRecord, "points" | "target">): string[] {
  const chance = 1 / target.classNames.length;
  const guessing = measured.filter(
    ({ removed, accuracy }) => removed.length === 0 && (accuracy.interval[0] ?? 0) <= chance,
  );
  if (guessing.length === 0) return [];
  const seeds = `${plural(guessing.length, "seed")}`;
  return [
    `With all source classes the target accuracy is not above guessing (${percent(chance)}) in ${seeds}: the transfer has not learnt, and differences mean little. Train longer on the target, or at a higher rate.`,
  ];
}

const oneSeed = "One seed has no interval: what a gain is worth can be told from two seeds on (--seeds 3).";

function headlineOf(helped: number, hurt: number, compared: number): Omit<Verdict, "sentences"> {
  if (compared === 0) return { level: "neutral", label: "Nothing removed", headline: "No source class was removed." };
  if (helped > 0 && hurt === 0) {
    return { level: "good", label: "It helped", headline: "Removing source classes raised the target accuracy." };
  }
  if (hurt > 0 && helped === 0) {
    return { level: "bad", label: "It hurt", headline: "Removing source classes lowered the target accuracy." };
  }
  if (hurt > 0) {
    const headline = "Removing source classes raised the target accuracy in some cases and lowered it in others.";
    return { level: "caution", label: "Mixed", headline };
  }
  const headline = "Whether removing source classes helped is undecided: no gain can be told from zero.";
  return { level: "caution", label: "Undecided", headline };
}

function decided(verb: string, found: readonly { row: TransferRow; gain: SummaryRecord }[]): string[] {
  if (found.length === 0) return [];
  const each = found.map(({ row, gain }) => `${removalOf(row)} by ${points(gain.mean)} (${inPoints(gain)})`);
  return [`It ${verb} it: ${listing(each)}.`];
}

function byChance(compared: number): string {
  return `Of ${plural(compared, "comparison")} at 95 %, one in twenty leaves out zero by chance; intervals are over seeds, on the same test images.`;
}

function bestSentence(row: TransferRow, gain: SummaryRecord): string {
  const change = gain.mean > 0 ? "highest" : "least lowered";
  return `The accuracy was ${change} by ${removalOf(row)}: ${pointsCell(gain.mean)} points (${inPoints(gain)}, n = ${gain.n}).`;
}

function removalOf({ method, removed }: TransferRow): string {
  const classes = removed.length > MOST_NAMED ? plural(removed.length, "class", "classes") : listing(removed);
  return `${methodLabel(method)} without ${classes}`;
}

function inPoints({ interval, deviation }: SummaryRecord): string {
  if (deviation === 0) return "the same with every seed";
  return interval === null ? "no interval" : `95 % ${interval.map(pointsCell).join(" to ")}`;
}
