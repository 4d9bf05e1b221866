/** What to forget, as flags and callers say it, and the request that settings hold. */
import { type ForgetRequest, type MatchName, matchNames } from "../record/index.ts";
import { expectChoice } from "../util/assert.ts";
import { defined } from "../util/defined.ts";
import { CoppiceError } from "../util/errors.ts";
import { shown } from "../util/shown.ts";

/**
 * What to forget: exactly one of the first five, and what may be said beside it.
 * @example
 * import type { ForgetSelection } from "coppice";
 *
 * const requests: ForgetSelection[] = [
 *   { classes: [3, "cat"] },
 *   { random: 0.1 },
 *   { ids: ["data_batch_1/123", "data_batch_4/9"], alsoTest: true },
 *   { ids: "requests.csv", idColumn: "record_id", where: { customer: "C-104" } },
 * ];
 * console.log(requests.length);
 */
export interface ForgetSelection {
  /** Whole classes: numbers are class numbers, texts are names (or digits, where no class has a number for its name). */
  readonly classes?: readonly (number | string)[] | undefined;
  /** This share of the training images, drawn at random, in (0, 1). */
  readonly random?: number | undefined;
  /** This many training images, drawn at random. */
  readonly count?: number | undefined;
  /** Ids of images, or a CSV or JSON file that lists them. They are text, and compared exactly. */
  readonly ids?: string | readonly string[] | undefined;
  /** Positions of images in the whole train part (torchvision's), or a file that lists them. */
  readonly indices?: string | readonly number[] | undefined;
  /** Of a file of ids: the column that has them. Default `id`. */
  readonly idColumn?: string | undefined;
  /** Of a file: only the rows with exactly these values, by column. */
  readonly where?: Readonly<Record<string, string>> | undefined;
  /** How ids of the list may differ from the data set's. Default not at all. */
  readonly match?: MatchName | readonly MatchName[] | undefined;
  /** Of a list: go on with those that were trained on, where others were not, or are unknown and like no id. Default false. */
  readonly skipUntrained?: boolean | undefined;
  /** Of a list or classes: take validation and test images out of those parts as well, so that nobody is evaluated on them. Default false. */
  readonly alsoTest?: boolean | undefined;
  /** Of a list: a CSV file to write with all values that name nothing to forget. */
  readonly faults?: string | undefined;
}

export const selectionNames: readonly (keyof ForgetSelection)[] = [
  "classes",
  "random",
  "count",
  "ids",
  "indices",
  "idColumn",
  "where",
  "match",
  "skipUntrained",
  "alsoTest",
  "faults",
];

/** @throws CoppiceError E_ARG unless exactly one of the fields says what to forget, and the others go with it */
export function requestOf(selection: ForgetSelection): ForgetRequest {
  const { classes, random, count, ids, indices } = selection;
  const given = Object.keys(defined({ classes, random, count, ids, indices }));
  const [what] = given;
  if (what === undefined || given.length > 1) {
    const got = given.length === 0 ? "none" : given.map((name) => `\`${name}\``).join(" and ");
    throw new CoppiceError(
      "E_ARG",
      `what to forget: expected one of \`classes\`, \`random\`, \`count\`, \`ids\` and \`indices\`, got ${got}`,
      { hint: "for example `classes: 3`, `random: 0.1` or `ids: forget.csv`" },
    );
  }
  checkBeside(selection, what);
  const { skipUntrained, alsoTest, faults, idColumn, where } = selection;
  if (classes !== undefined) return { kind: "class", classes, ...defined({ alsoTest }) };
  if (random !== undefined) return { kind: "random", fraction: random };
  if (count !== undefined) return { kind: "random", count };
  const beside = defined({ skipUntrained, alsoTest, faults });
  if (indices !== undefined) {
    if (typeof indices === "string") return { kind: "indices", file: indices, ...defined({ where }), ...beside };
    return { kind: "indices", indices: checkedPositions(indices), ...beside };
  }
  const match = defined({ match: matchOf(selection.match) });
  if (typeof ids === "string") return { kind: "ids", file: ids, ...defined({ idColumn, where }), ...match, ...beside };
  return { kind: "ids", ids: checkedIds(ids ?? []), ...match, ...beside };
}

/** What each of the others needs beside it. */
const needs: readonly (readonly [keyof ForgetSelection, readonly string[]])[] = [
  ["idColumn", ["ids"]],
  ["where", ["ids", "indices"]],
  ["match", ["ids"]],
  ["skipUntrained", ["ids", "indices"]],
  ["faults", ["ids", "indices"]],
  ["alsoTest", ["ids", "indices", "classes"]],
];

function checkBeside(selection: ForgetSelection, what: string): void {
  for (const [name, beside] of needs) {
    const isOff = selection[name] === undefined || selection[name] === false;
    if (isOff || beside.includes(what)) continue;
    const expected = beside.map((each) => `\`${each}\``).join(" or ");
    throw new CoppiceError("E_ARG", `${name}: expected ${expected} beside it, got \`${what}\``);
  }
  const { ids, indices, idColumn, where } = selection;
  if ((idColumn ?? where) === undefined || typeof (ids ?? indices) === "string") return;
  const name = idColumn === undefined ? "where" : "idColumn";
  throw new CoppiceError("E_ARG", `${name}: expected a file of records beside it, got a list from a program`);
}

function matchOf(match: ForgetSelection["match"]): readonly MatchName[] | undefined {
  if (match === undefined) return undefined;
  return [match].flat().map((name) => expectChoice("match", name, matchNames));
}

function checkedIds(ids: readonly string[]): readonly string[] {
  const wrong = ids.findIndex((id) => typeof id !== "string");
  if (wrong < 0) return ids;
  const got = `${shown(ids[wrong])} as item ${wrong + 1}`;
  throw new CoppiceError("E_ARG", `ids: expected texts, got ${got}`, {
    hint: "ids are compared as text; positions of images go under `indices`",
  });
}

function checkedPositions(indices: readonly number[]): readonly number[] {
  const wrong = indices.findIndex((index) => !Number.isSafeInteger(index) || index < 0);
  if (wrong < 0) return indices;
  const got = `${shown(indices[wrong])} as item ${wrong + 1}`;
  throw new CoppiceError("E_ARG", `indices: expected whole numbers from 0, got ${got}`, {
    hint: "ids, which are text, go under `ids`",
  });
}
