/** Classes as people name them. */
import { defined } from "../util/defined.ts";
import { didYouMean } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import type { ImageDataset } from "./dataset.ts";

/**
 * The number of a class given by number, by digits, or by name in any case.
 * @param where what the class is for, for the error
 * @throws CoppiceError E_ARG when there is no such class; the nearest name is suggested
 */
export function classNumber(
  where: string,
  { numClasses, classNames }: Pick<ImageDataset, "numClasses" | "classNames">,
  wanted: number | string,
): number {
  const names = classNames.map((name) => name.toLowerCase());
  const named = typeof wanted === "string" ? names.indexOf(wanted.trim().toLowerCase()) : -1;
  if (named >= 0) return named;
  const isNumber = typeof wanted === "number" || /^\s*\d+\s*$/.test(wanted);
  const number = Number(wanted);
  if (isNumber && Number.isInteger(number) && number >= 0 && number < numClasses) return number;
  const hint = isNumber ? undefined : didYouMean(String(wanted), classNames);
  const got = typeof wanted === "string" ? JSON.stringify(wanted) : wanted;
  throw new CoppiceError(
    "E_ARG",
    `${where}: expected 0 to ${numClasses - 1} or one of ${classNames.join(", ")}, got ${got}`,
    defined({ hint }),
  );
}
