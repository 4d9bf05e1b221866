/** Names of options in messages of the library, as the command line has them. */
import { CoppiceError } from "../util/errors.ts";

/** Flags of what to forget by their names in the library, which messages have in backquotes or before their first colon. */
export const forgetFlagNames: Readonly<Record<string, string>> = {
  classes: "--class",
  random: "--random",
  count: "--count",
  ids: "--ids",
  indices: "--indices",
  idColumn: "--id-column",
  where: "--where",
  match: "--match",
  skipUntrained: "--skip-untrained",
  alsoTest: "--also-test",
  faults: "--faults",
  forgetSeed: "--forget-seed",
  withCopies: "--with-copies",
  withMissing: "--with-missing",
};

/** `random: 0.1` in backquotes becomes --random 0.1, `alsoTest: true` --also-test, and `ids` --ids; what is no option stays as it is. */
export function inFlags(text: string, flags: Readonly<Record<string, string>>): string {
  return text.replace(/`(\w+)(?:: ([^`]+))?`/g, (whole, name: string, value: string | undefined) => {
    if (!Object.hasOwn(flags, name)) return whole;
    return value === undefined || value === "true" ? `${flags[name]}` : `${flags[name]} ${value}`;
  });
}

/** Runs `work`; an error that names options of the library names those of the command line. */
export async function namingFlags<T>(work: () => T | Promise<T>, flags = forgetFlagNames): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof CoppiceError ? withFlags(error, flags) : error;
  }
}

function withFlags(error: CoppiceError, flags: Readonly<Record<string, string>>): CoppiceError {
  const { code, message, hint, cause } = error;
  const name = /^(\w+): /.exec(message)?.[1] ?? "";
  const named =
    code === "E_ARG" && Object.hasOwn(flags, name) ? `${flags[name]}${message.slice(name.length)}` : message;
  return new CoppiceError(code, inFlags(named, flags), {
    cause: cause ?? error,
    ...(hint === undefined ? {} : { hint: inFlags(hint, flags) }),
  });
}
