/** Finds the records that a list names. What names none, names one twice, or names one that was not trained on, becomes a fault. */
import type { MatchName } from "../../record/forget-request.ts";
import { defined } from "../../util/defined.ts";
import { causeOfId, causeOfPosition, isPosition } from "./likely-cause.ts";
import type { Listed, ListedValues } from "./listed.ts";
import type { Found, FoundRecord, RecordPart, Records } from "./records.ts";

/** `alike`: no record's id, but may mean one, or no position at all; `repeated`: names a record that another value names. */
export type FaultKind = "validation" | "test" | "unknown" | "alike" | "repeated";

export interface ListFault extends Listed {
  readonly kind: FaultKind;
  /** What the value is: a noun phrase. */
  readonly cause: string;
  /** Id of a record that it is nearly; not part of the cause, which many values may share. */
  readonly like?: string;
}

/** Indices into the train part (`test`: into the test part), in the order of the list, each once. */
export interface Resolution extends Readonly<Record<RecordPart, readonly number[]>> {
  /** In the order of the list. */
  readonly faults: readonly ListFault[];
}

export interface ResolveOptions {
  readonly records: Records;
  /** How ids may differ from those of the records; exact ones go first. */
  readonly match: readonly MatchName[];
  /** What one place in the list is called. */
  readonly place: "line" | "item";
}

export function resolveList(listed: ListedValues, options: ResolveOptions): Resolution {
  const found: Record<RecordPart, number[]> = { train: [], validation: [], test: [] };
  const places = new Map<string, number>();
  const faults: ListFault[] = [];
  const missing: Listed[] = [];
  for (const value of listed.values) {
    const named = listed.by === "ids" ? recordsOfId(value.text, options) : recordsAt(value.text, options.records);
    const [record] = named;
    const earlier = record === undefined ? undefined : places.get(keyOf(record));
    if (record === undefined) missing.push(value);
    else if (earlier !== undefined) faults.push(repeated(value, `${options.place} ${earlier}`));
    else {
      if (record.part !== "train")
        faults.push({ ...value, kind: record.part, cause: `an image of the ${record.part} part` });
      for (const each of named) {
        places.set(keyOf(each), value.line);
        found[each.part].push(each.index);
      }
    }
  }
  for (const value of missing) faults.push(missingFault(value, { ...options, by: listed.by, places }));
  return { ...found, faults: faults.toSorted((a, b) => a.line - b.line) };
}

/** Names a record. */
export function keyOf({ part, index }: FoundRecord): string {
  return `${part === "test" ? "test" : "train"} ${index}`;
}

/** The record, and where a test record has the same id, that one too; none where it is not clear which is meant. */
function recordsOfId(text: string, { records, match }: ResolveOptions): Found {
  const exact = records.withId(text);
  if (exact.length > 0) return isClear(exact) ? exact : [];
  const like = match.length === 0 || text.trim() === "" ? [] : records.like(text, match); // a record's key may be empty
  return like.length === 1 ? like : [];
}

/** Not two of the same part. */
function isClear(found: Found): boolean {
  const inTest = found.filter(({ part }) => part === "test").length;
  return inTest <= 1 && found.length - inTest <= 1;
}

function recordsAt(text: string, records: Records): Found {
  return isPosition(text) ? records.at(Number(text)) : [];
}

interface Missing extends ResolveOptions {
  readonly by: ListedValues["by"];
  /** Where each record is named that the list names. */
  readonly places: ReadonlyMap<string, number>;
}

function missingFault(value: Listed, { by, records, match, place, places }: Missing): ListFault {
  if (by === "positions") {
    const kind = isPosition(value.text) ? "unknown" : "alike";
    return { ...value, kind, cause: causeOfPosition(value.text, records) };
  }
  if (records.withId(value.text).length > 1) return { ...value, kind: "alike", cause: "the id of two images or more" };
  const { words, alike = [], like } = causeOfId(value.text, records, match);
  const [record] = alike;
  const earlier = record === undefined || alike.length > 1 ? undefined : places.get(keyOf(record));
  if (earlier !== undefined) return repeated(value, `${place} ${earlier}: it is ${words}`);
  const kind = alike.length === 0 && like === undefined ? "unknown" : "alike";
  return { ...value, kind, cause: words, ...defined({ like }) };
}

function repeated(value: Listed, where: string): ListFault {
  return { ...value, kind: "repeated", cause: `the same image as ${where}` };
}
