/** Names of options in messages of the library, as the command line has them. */
import { defined } from "../util/defined.ts";
import { CoppiceError } from "../util/errors.ts";

type Flags = Readonly<Record<string, string>>;

/** Flags of what to forget by their names in the library, which messages have in backquotes or before their first colon. */
export const forgetFlagNames: Flags = {
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
export function inFlags(text: string, flags: Flags): string {
  return text.replace(/`(\w+)(?:: ([^`]+))?`/g, (whole, name: string, value: string | undefined) => {
    if (!Object.hasOwn(flags, name)) return whole;
    return value === undefined || value === "true" ? `${flags[name]}` : `${flags[name]} ${value}`;
  });
}

/** What a hint says, but for the parts that name an option that the command does not have. */
function hintInFlags(hint: string, flags: Flags): string | undefined {
  const parts = hint.split("; ").filter((part) => {
    const named = [...part.matchAll(/`(\w+): /g)].map(([, name = ""]) => name);
    return named.every((name) => Object.hasOwn(flags, name) || !Object.hasOwn(forgetFlagNames, name));
  });
  return parts.length === 0 ? undefined : inFlags(parts.join("; "), flags);
}

/**
 * Runs `work`; an error that names options of the library names those of the command line.
 * @param flags those that the command has
 */
export async function namingFlags<T>(work: () => T | Promise<T>, flags: Flags = forgetFlagNames): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof CoppiceError ? withFlags(error, flags) : error;
  }
}

function withFlags(error: CoppiceError, flags: Flags): CoppiceError {
  const { code, message, cause } = error;
  const hint = error.hint === undefined ? undefined : hintInFlags(error.hint, flags);
  const name = /^(\w+): /.exec(message)?.[1] ?? "";
  const named =
    code === "E_ARG" && Object.hasOwn(flags, name) ? `${flags[name]}${message.slice(name.length)}` : message;
  return new CoppiceError(code, inFlags(named, flags), {
    cause: cause ?? error,
    ...defined({ hint }),
  });
}
