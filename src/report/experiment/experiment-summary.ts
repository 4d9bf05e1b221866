/**
 * What a grid shows, in sentences computed from its rows: how close to Retrain, in what share of its time, what pruning first saved, and then how
 * sure that is. `docs/explanation/report.md` states the rules.
 */
import type { ExperimentRecord } from "../../record/index.ts";
import { mean } from "../../util/lists.ts";
import { duration, factor, listing, percent, plural, points } from "../../format/index.ts";
import type { Verdict } from "../run/verdict.ts";
import { isMethod, type NamedRow, namedRows, retrainOf } from "./experiment-rows.ts";
import { type PrunedPair, prunedPairs } from "./pruned-pairs.ts";

/** What everything is compared with. */
const RETRAIN =
  "Retrain is the same training again without the images to be forgotten: unlearning should come to its scores, in less time.";
/** A Disparity Ave. of at most five points is close to Retrain. */
const CLOSE = 0.05;
/** Times that differ by less than a twentieth are the same. */
const SAME_TIME = 0.05;
/** More pairs than that are counted, not listed. */
const MOST_LISTED = 3;

/** In a scenario, the method of the smallest Disparity Ave. */
interface Closest {
  readonly title: string;
  readonly row: NamedRow;
  /** Disparity Ave., mean over seeds, 0 to 1. */
  readonly distance: number;
  /** Mean run times over seeds, of Retrain from the same original. */
  readonly seconds: number;
  readonly retrainSeconds: number;
}

/** Undefined where no method has been compared with Retrain. */
export function experimentSummary(record: ExperimentRecord): Verdict | undefined {
  const closest = record.scenarios.flatMap(({ id }) => closestIn(record, id));
  if (closest.length === 0) return undefined;
  const pairs = prunedPairs(record);
  const good = closest.every((each) => each.distance <= CLOSE && shareOf(each) < 1);
  return {
    level: good ? "good" : "caution",
    label: "In short",
    headline: [distanceSentence(closest), ...savingSentence(pairs)].join(" "),
    sentences: [
      RETRAIN,
      ...closest.map((each) =>
        [
          closestSentence(each),
          ...pairSentences(pairs.filter(({ scenario }) => scenario === each.row.scenario.id)),
        ].join(" "),
      ),
      ...seedCaution(record),
    ],
  };
}

function closestIn(record: ExperimentRecord, scenario: string): Closest[] {
  const rows = namedRows(record).filter(({ row }) => row.scenario === scenario);
  const compared = rows.filter(isMethod).flatMap((row): Closest[] => {
    const distance = row.row.summary?.disparity?.mean;
    const retrain = retrainOf(row, rows);
    if (distance === undefined || retrain === undefined) return [];
    const [seconds, retrainSeconds] = [mean(row.row.seconds), mean(retrain.row.seconds)];
    return [{ title: row.scenario.title, row, distance, seconds, retrainSeconds }];
  });
  return compared.toSorted((a, b) => a.distance - b.distance).slice(0, 1);
}

function shareOf({ seconds, retrainSeconds }: Closest): number {
  return seconds / retrainSeconds;
}

function distanceSentence(closest: readonly Closest[]): string {
  const [near, far] = [closest.filter(isClose), closest.filter((each) => !isClose(each))];
  const inTime = timeClause(closest.map(shareOf));
  const distances = closest.map(({ distance }) => distance);
  if (far.length === 0) {
    const who = closest.length === 1 ? "The closest method" : "The closest methods";
    return `${who} came within ${points(Math.max(...distances))} of Retrain on average over the four scores${inTime}.`;
  }
  if (near.length === 0) {
    return `No method came close to Retrain: the closest was ${points(Math.min(...distances))} away${inTime}.`;
  }
  return `Close to Retrain in ${placesOf(near)}, not in ${placesOf(far)}${inTime}.`;
}

function isClose({ distance }: Closest): boolean {
  return distance <= CLOSE;
}

function placesOf(closest: readonly Closest[]): string {
  return listing(closest.map(({ title, distance }) => `“${title}” (${points(distance)} away)`));
}

function timeClause(shares: readonly number[]): string {
  const [least, most] = [whole(Math.min(...shares)), whole(Math.max(...shares))];
  const range = least === most ? percent(most) : `${percent(least)} to ${percent(most)}`;
  return most < 1 ? `, in ${range} of its time` : `, but without saving time everywhere: in ${range} of its time`;
}

function whole(share: number): number {
  return share < 0.01 ? share : Math.round(100 * share) / 100;
}

function closestSentence({ title, row, distance, seconds, retrainSeconds }: Closest): string {
  const { label } = row.row;
  const times = `${time(seconds)} against Retrain's ${time(retrainSeconds)}`;
  return `${title}: ${label} from the ${row.model.label} original came closest, ${points(distance)} from Retrain on average over UA, MIA, RA and TA, in ${times}.`;
}

/** A duration that no line breaks. */
function time(seconds: number): string {
  return duration(seconds).replaceAll(" ", "\u00a0");
}

/** What pruning first did to the run time of the methods that were run both ways; nothing where there are none. */
function savingSentence(pairs: readonly PrunedPair[]): string[] {
  if (pairs.length === 0) return [];
  const ratio = timeRatio(pairs);
  const labels = [...new Set(pairs.map(({ label }) => label))];
  const [who, whose] = labels.length === 1 ? [labels.join(""), "its"] : ["the same methods", "their"];
  if (ratio <= 1 - SAME_TIME)
    return [`Starting from a pruned original saved ${who} ${percent(whole(1 - ratio))} of ${whose} time.`];
  if (ratio < 1 + SAME_TIME) return ["Starting from a pruned original saved no time."];
  return [`Starting from a pruned original saved no time: ${who} took ${factor(ratio)} times as long.`];
}

/** Seconds from pruned originals over those from the dense one, all pairs together. */
function timeRatio(pairs: readonly PrunedPair[]): number {
  const sum = (of: "dense" | "pruned"): number => pairs.reduce((total, { seconds }) => total + seconds[of], 0);
  return sum("pruned") / sum("dense");
}

const OUTCOMES = {
  closer: "closer after pruning, beyond chance",
  further: "further after pruning, beyond chance",
  unclear: "no difference beyond chance",
} as const;

function pairSentences(pairs: readonly PrunedPair[]): string[] {
  if (pairs.length === 0) return [];
  if (pairs.length > MOST_LISTED) return [countedSentence(pairs)];
  return pairs.map(({ label, pruned, seconds, disparity, outcome }) => {
    const times = `${time(seconds.pruned)} from the ${pruned.model.label} original and ${time(seconds.dense)} from the dense one`;
    return `${label} took ${times}; its distances from Retrain are ${points(disparity.pruned)} and ${points(disparity.dense)}: ${OUTCOMES[outcome]}.`;
  });
}

function countedSentence(pairs: readonly PrunedPair[]): string {
  const number = (which: PrunedPair["outcome"]): string =>
    String(pairs.filter(({ outcome }) => outcome === which).length || "none");
  return `From pruned originals, of ${plural(pairs.length, "comparison")} with the dense one ${number("closer")} came closer to Retrain, ${number("further")} went further from it and ${number("unclear")} did not differ beyond chance.`;
}

function seedCaution({ seeds }: ExperimentRecord): string[] {
  return seeds.length > 1
    ? []
    : [
        "All of this is one seed: chance is judged over images alone, and another seed may order the methods differently.",
      ];
}
