/** Options of the library's functions, which JavaScript does not check: a misspelled one would be passed over without a word. */
import { didYouMean } from "../util/assert.ts";
import { defined } from "../util/defined.ts";
import { CoppiceError } from "../util/errors.ts";

/** @throws CoppiceError E_ARG for a field of `options` that is none of `names`, with the nearest one */
export function checkKeys(where: string, options: object, names: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const hint = didYouMean(unknown, names);
  throw new CoppiceError(
    "E_ARG",
    `${where}: expected options of ${names.join(", ")}, got ${unknown}`,
    defined({ hint }),
  );
}
