/** Why a listed value may be no id or position of the data set, for its message: once for all values with the same cause. */
import { type MatchName, matchNames } from "../../record/forget-request.ts";
import { shown } from "../../util/shown.ts";
import { matches } from "./match.ts";
import type { Found, Records } from "./records.ts";

export interface Cause {
  /** What the value is: a noun phrase. */
  readonly words: string;
  /** The only record, or the several, that a transformation would make of it. */
  readonly alike?: Found;
  /** Id of a record that it resembles, where no transformation makes one of it. */
  readonly like?: string;
}

/** @param text no record's id @param asked transformations that were tried, and did not find exactly one record */
export function causeOfId(text: string, records: Records, asked: readonly MatchName[]): Cause {
  if (text.trim() === "") return { words: "no id at all" };
  const several = asked.length === 0 ? [] : records.like(text, asked);
  if (several.length > 1) return { words: `like two images or more by ${asked.join(", ")}`, alike: several };
  for (const name of matchNames) {
    const alike = isChance(text, name) ? [] : records.like(text, [name]);
    if (alike.length > 0) return { words: matches[name].fault, alike };
  }
  const [resembled] = records.resembling(text);
  if (resembled === undefined) return { words: lookOf(text) ?? "like no id of this data set" };
  return { words: lookOf(text) ?? "no id of this data set, but nearly one", like: records.idOf(resembled) };
}

/** Whether a match would be chance: a customer's number is soon the name of some file, and so is the end of a path with other folders. */
export function isChance(text: string, name: MatchName): boolean {
  if (name === "filename" && /[\\/]/.test(text)) return true;
  return isDigits(text) && ["path", "part", "filename", "extension"].includes(name);
}

/** @param text no position of a record that was loaded */
export function causeOfPosition(text: string, records: Records): string {
  if (!isPosition(text)) return (isDigits(text) ? undefined : lookOf(text)) ?? "no whole number from 0";
  return Number(text) < records.lastPosition
    ? "an image that was not loaded: the model was made with some classes or images only"
    : `beyond the last image that was loaded, at ${records.lastPosition}`;
}

/** A whole number from 0 as it is usually written. */
export function isPosition(text: string): boolean {
  return /^(0|[1-9]\d{0,14})$/.test(text);
}

function isDigits(text: string): boolean {
  return /^\s*\d+\s*$/.test(text);
}

function lookOf(text: string): string | undefined {
  if (isDigits(text)) return "a number, as of a customer or a position, and no id";
  if (/^\s*[+-]?\d+[.,]\d*\s*$/.test(text)) return "a number written as a decimal, as spreadsheets do";
  if (/^\s*\d+([.,]\d+)?e[+-]?\d+\s*$/i.test(text))
    return "a number in scientific notation, which loses digits in a spreadsheet";
  if (text.includes("\ufffd")) return "a text with letters that an earlier conversion has damaged";
  const mark = /[;\t|]/.exec(text)?.[0];
  return mark === undefined ? undefined : `a line that ${shown(mark)} may separate, without a header that says so`;
}
