/** Errors in the code of a user's definitions: wherever it was called from, they are said to be of its file. */
import { Interrupted } from "../train/index.ts";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { pluginPaths } from "./origin.ts";

/** Calls between Coppice and a user's layer or score are deep. */
const FRAMES = 50;

/** Has errors name so many of the calls that led to them that one of a user's is among them. */
export function traceDeeply(): void {
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, FRAMES);
}

/** What an operator says of its arguments is true, but not whose call it was. */
const ofOperators: readonly string[] = ["E_SHAPE", "E_DTYPE", "E_NATIVE"];

/**
 * `error` as a CoppiceError that names the plugin file whose code it comes from, with what was thrown; `error` itself where no such file was at work,
 * where it was meant for the user already, or says that the work was stopped.
 */
export function asPluginError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Interrupted) return error;
  if (error instanceof CoppiceError && !ofOperators.includes(error.code)) return error;
  const path = pluginPaths().find((file) => error.stack?.includes(`${file}:`));
  if (path === undefined || error.message.includes(path)) return error;
  return new CoppiceError("E_CONFIG", `${path}: expected its definitions to run, got: ${messageOf(error)}`, {
    hint: "the error is in that file: --debug shows the line",
    cause: error,
  });
}
