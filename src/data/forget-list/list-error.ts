/** What is said of a list that cannot be followed: one error for the whole list, with a line for each cause. */
import { type MatchName, matchNames } from "../../record/forget-request.ts";
import { CoppiceError } from "../../util/errors.ts";
import { groupBy } from "../../util/lists.ts";
import { shown } from "../../util/shown.ts";
import { isChance } from "./likely-cause.ts";
import type { ListedValues } from "./listed.ts";
import { composed } from "./match.ts";
import { type FaultKind, keyOf, type ListFault, type Resolution, type ResolveOptions } from "./resolve-list.ts";

const MOST_CAUSES = 10;

/** Transformations that often come together. */
const pairs: readonly (readonly MatchName[])[] = [
  ["case", "path"],
  ["unicode", "path"],
  ["case", "filename"],
  ["unicode", "filename"],
  ["filename", "extension"],
  ["part", "extension"],
  ["path", "extension"],
];

export interface ResolvedList extends ResolveOptions {
  /** Path of the list, or what the caller's option is called. */
  readonly where: string;
  readonly listed: ListedValues;
  readonly resolution: Resolution;
}

/** How many values are in which part; repeated ones are not counted again. */
export type PartCounts = Record<"train" | "validation" | "test" | "unknown", number>;

export function countsOf({ train, faults }: Resolution): PartCounts {
  const of = (...kinds: FaultKind[]): number => faults.filter(({ kind }) => kinds.includes(kind)).length;
  return { train: train.length, validation: of("validation"), test: of("test"), unknown: of("unknown", "alike") };
}

/** `160 ids: 71 were trained on, 9 are in validation, 80 in test, 0 unknown`. */
function countsText({ by, values }: ListedValues, { train, validation, test, unknown }: PartCounts): string {
  const noun = values.length === 1 ? { ids: "id", positions: "position" }[by] : by;
  return `${values.length} ${noun}: ${train} were trained on, ${validation} are in validation, ${test} in test, ${unknown} unknown`;
}

/** @param refused the faults because of which the list cannot be followed */
export function listError(list: ResolvedList, refused: readonly ListFault[]): CoppiceError {
  const { where, listed, resolution, place } = list;
  const got = countsText(listed, countsOf(resolution));
  const message = `${where}: expected ${listed.by} of images that the model was trained on, got ${got}`;
  return new CoppiceError("E_DATA", [message, ...causeLines(refused, place)].join("\n"), {
    hint: hintsFor(list, refused).join("; "),
  });
}

/** The causes but those that the sentence counts. */
function causeLines(faults: readonly ListFault[], place: string): string[] {
  const told = faults.filter(({ kind }) => kind !== "validation" && kind !== "test");
  const groups = groupBy(told, ({ kind, cause }) => `${kind} ${cause}`);
  const lines = groups.slice(0, MOST_CAUSES).map(([first, ...others]) => {
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    const like = first.like === undefined ? "" : `, like ${shown(first.like)}`;
    return `  ${place} ${first.line}${more}: ${shown(first.text)} is ${first.cause}${like}`;
  });
  return groups.length > MOST_CAUSES ? [...lines, `  and ${groups.length - MOST_CAUSES} more`] : lines;
}

function hintsFor(list: ResolvedList, refused: readonly ListFault[]): string[] {
  const { resolution, place } = list;
  const missing = refused.filter(({ kind }) => kind === "unknown" || kind === "alike");
  const untrained = refused.some(({ kind }) => kind === "validation" || kind === "test");
  const hints = missing.length === 0 ? [] : hintsForMissing(list, missing);
  if (untrained && resolution.train.length > 0) {
    hints.push(`\`skipUntrained: true\` goes on with the ${resolution.train.length} trained on`);
    hints.push("`alsoTest: true` takes the others out of validation and test as well");
  } else if (untrained) {
    hints.push("the model was trained on none of the images that were found, so it has nothing of them to forget");
    hints.push("`alsoTest: true` takes them out of validation and test in a list with images that it was trained on");
  }
  if (refused.some(({ kind }) => kind === "repeated")) hints.push("list each image once");
  if (refused.length > 1) hints.push(`\`faults: FILE\` writes all ${refused.length} with their ${place}s`);
  return hints;
}

function hintsForMissing(list: ResolvedList, missing: readonly ListFault[]): string[] {
  if (list.listed.by === "positions")
    return ["positions are whole numbers, and count the images of the whole train part from 0"];
  const hints: string[] = [];
  const match = matchOfAll(list, missing);
  if (match !== undefined) {
    const all = missing.length === 1 ? "it matches" : `all ${missing.length} match`;
    hints.push(`${all} by ${composed(match).by}: \`match: ${match.join(",")}\``);
  }
  if (missing.some(({ text }) => /^\s*\d+([.,]0*)?\s*$/.test(text)))
    hints.push("positions are asked for by a column index, or with `indices: FILE`");
  return [...hints, `ids are compared exactly, and are like ${shown(list.records.example)}`];
}

/** The transformation that finds for each of these values one record each, which nothing else in the list names. */
function matchOfAll(
  { records, match, resolution }: ResolvedList,
  missing: readonly ListFault[],
): readonly MatchName[] | undefined {
  const taken = (["train", "validation", "test"] as const).flatMap((part) =>
    resolution[part].map((index) => keyOf({ part, index })),
  );
  const candidates = [...matchNames.map((name) => [name]), ...pairs].map((names) => [...new Set([...match, ...names])]);
  return candidates.find((names) => {
    const own = new Set(taken);
    return missing.every(({ text }) => {
      const like = names.some((name) => isChance(text, name)) ? [] : records.like(text, names);
      const [record] = like;
      if (record === undefined || like.length > 1 || own.has(keyOf(record))) return false;
      own.add(keyOf(record));
      return true;
    });
  });
}
