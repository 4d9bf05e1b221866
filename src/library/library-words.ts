/** Errors of stages speak of flags; who calls the library has options instead. */
import { defined } from "../util/defined.ts";
import { CoppiceError } from "../util/errors.ts";

/** Where an option's name is not that of the flag in camel case. */
const otherNames: Readonly<Record<string, string>> = {
  class: "`classes`",
  plugin: "`plugins`",
  debug: "the `cause` of the error",
};

/** A command in backticks, which is as true as ever, or a flag. */
const commandOrFlag = /`[^`]*`|(?<![\w-])--([a-z]+(?:-[a-z]+)*)/g;

/** `error` with the options of the library in the place of flags; anything but a CoppiceError as it is. */
export function inLibraryWords(error: unknown): unknown {
  if (!(error instanceof CoppiceError)) return error;
  const [message, hint] = [worded(error.message), error.hint === undefined ? undefined : worded(error.hint)];
  if (message === error.message && hint === error.hint) return error;
  return new CoppiceError(error.code, message, defined({ hint, cause: error.cause ?? error }));
}

function worded(text: string): string {
  return text.replace(commandOrFlag, (found, flag?: string) => {
    if (flag === undefined) return found;
    const name = flag.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    return otherNames[flag] ?? `\`${name}\``;
  });
}
