/**
 * Classes as people name them. An exact name always wins; a number is the class of that number unless the classes have numbers for names; what is
 * neither, and is like one name only, is that class. Whatever could mean two classes is refused.
 */
import { defined } from "../util/defined.ts";
import { didYouMean } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { nameOfClass, numberedClass } from "../util/numbered-class.ts";
import { shown } from "../util/shown.ts";
import type { ImageDataset } from "./dataset.ts";

type Classes = Pick<ImageDataset, "numClasses" | "classNames">;

/** Names in a message, before the others are counted only. */
const MOST_SHOWN = 20;

/**
 * The number of a class.
 * @param where what the class is for, for the error
 * @param wanted a number, which is never taken for a name; or a text: a name, or a number's digits
 * @throws CoppiceError E_ARG when there is no such class, or the text could mean two
 */
export function classNumber(where: string, classes: Classes, wanted: number | string): number {
  if (typeof wanted === "number") return ofNumber(where, classes, wanted);
  const exact = numbersWhere(classes, (name) => name === wanted);
  if (exact.length > 0) return only(where, classes, { wanted, found: exact });
  const alike = numbersWhere(classes, (name) => folded(name) === folded(wanted));
  const digits = /^\s*(0|[1-9]\d*)\s*$/.test(wanted) ? Number(wanted) : undefined;
  const byDigits = digits !== undefined && digits < classes.numClasses ? [digits] : [];
  if (alike.length === 0 && byDigits.length > 0 && classes.classNames.some(isNumeric))
    throw namedByNumbers(where, classes, byDigits);
  const found = [...new Set([...alike, ...byDigits])];
  if (found.length === 0) throw unknown(where, classes, wanted);
  return only(where, classes, { wanted, found });
}

function ofNumber(where: string, classes: Classes, wanted: number): number {
  if (Number.isInteger(wanted) && wanted >= 0 && wanted < classes.numClasses) return wanted;
  throw unknown(where, classes, wanted);
}

function numbersWhere({ classNames }: Classes, fits: (name: string) => boolean): number[] {
  return classNames.flatMap((name, number) => (fits(name) ? [number] : []));
}

/** Equal for texts that differ in case, Unicode form or blanks at their ends only. */
function folded(text: string): string {
  return text.normalize("NFKC").trim().toUpperCase().toLowerCase().normalize("NFKC");
}

/** Whether a name could be taken for a number. */
function isNumeric(name: string): boolean {
  const text = name.normalize("NFKC").trim();
  return text !== "" && Number.isFinite(Number(text));
}

function only(
  where: string,
  { classNames }: Classes,
  { wanted, found }: { readonly wanted: string; readonly found: readonly number[] },
): number {
  const [number] = found;
  if (number !== undefined && found.length === 1) return number;
  const all = found.map((each) => numberedClass(each, classNames)).join(" and ");
  throw new CoppiceError("E_ARG", `${where}: expected the name of one class, got ${shown(wanted)}, like ${all}`, {
    hint: "give the name exactly, letter for letter; from a program, a class can be given by its number as well",
  });
}

function namedByNumbers(where: string, { classNames }: Classes, [number = 0]: readonly number[]): CoppiceError {
  return new CoppiceError(
    "E_ARG",
    `${where}: expected the name of a class, got ${number}, which is none: class number ${number} is the class ${nameOfClass(classNames[number] ?? "")}`,
    { hint: `the classes have numbers for names, and a name always wins: ${listed(classNames)}` },
  );
}

function unknown(where: string, { numClasses, classNames }: Classes, wanted: number | string): CoppiceError {
  const hint =
    Number(wanted) < 0
      ? "classes are numbered from 0"
      : typeof wanted === "string"
        ? didYouMean(wanted, classNames)
        : undefined;
  const range = `0 to ${numClasses - 1} or one of ${listed(classNames)}`;
  return new CoppiceError("E_ARG", `${where}: expected ${range}, got ${shown(wanted)}`, defined({ hint }));
}

/** The names as a message has them: all, or the first and how many more there are. */
function listed(names: readonly string[]): string {
  const first = names.slice(0, MOST_SHOWN).map(nameOfClass);
  return names.length > first.length ? `${first.join(", ")} and ${names.length - first.length} more` : first.join(", ");
}
