/** Errors in a user's code, of a definition, recipe or configuration: wherever it was called from, they are said to be of its file. */
import { Interrupted } from "../train/index.ts";
import { CoppiceError, messageOf } from "../util/errors.ts";

/** Absolute paths of the files whose code has run. */
const files = new Set<string>();
/** Calls between Coppice and a user's layer or score are deep. */
const FRAMES = 50;

/** Has errors in the code of the file at `path` be known as its own: they name so many of the calls that led to them that one of it is among them. */
export function watchFile(path: string): void {
  files.add(path);
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, FRAMES);
}

/** What an operator says of its arguments is true, but not whose call it was. */
const ofOperators: readonly string[] = ["E_SHAPE", "E_DTYPE", "E_NATIVE"];

/**
 * `error` as a CoppiceError that names the user's file whose code it comes from, with what was thrown; `error` itself where no such file was at work,
 * where it was meant for the user already, or says that the work was stopped.
 */
export function asPluginError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Interrupted) return error;
  if (error instanceof CoppiceError && !ofOperators.includes(error.code)) return error;
  const path = [...files].find((file) => error.stack?.includes(`${file}:`));
  if (path === undefined || error.message.includes(path)) return error;
  return new CoppiceError("E_CONFIG", `${path}: expected its code to run, got: ${messageOf(error)}`, {
    hint: "the error is in that file: --debug shows the line",
    cause: error,
  });
}
