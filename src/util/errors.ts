/** The one error class users see, and the closed list of its codes. */

import { isNativeError } from "node:util/types";
import { shown } from "./shown.ts";

export type ErrorCode =
  | "E_ARG" // a value given by the caller is not acceptable
  | "E_SHAPE" // tensor shapes do not fit together
  | "E_DTYPE" // a tensor has the wrong element type
  | "E_CONFIG" // settings contradict each other, or name something that does not exist
  | "E_DATA" // a data set file is missing, damaged or not what it claims to be
  | "E_CHECKPOINT" // a model, checkpoint or run folder is missing, damaged or of another kind
  | "E_NATIVE" // libtorch reported an error
  | "E_REPRODUCE"; // a result differs from the one it must equal

export interface CoppiceErrorOptions {
  readonly cause?: unknown;
  /** What the user can do about it, as a sentence. */
  readonly hint?: string;
}

/**
 * An error whose message is meant for the user: `<where>: expected <what>, got <value>`.
 * The command line prints message and hint, and the stack only with `--debug`; it exits with 2 for E_ARG, else with 1.
 * @example
 * import { CoppiceError, openModel } from "coppice";
 *
 * await openModel("nowhere").catch((error: unknown) => {
 *   if (error instanceof CoppiceError) console.log(error.code, error.message, error.hint);
 * });
 */
export class CoppiceError extends Error {
  override readonly name = "CoppiceError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: CoppiceErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}

/** Marks a bug of ours (never bad input): throws a plain AssertionError-like Error. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new TypeError(`internal error, please report it: ${what}`);
}

/** The message of anything that was thrown, also by a user's code: that may be no error, or one whose message is no text. */
export function messageOf(error: unknown): string {
  const { message } = isNativeError(error) || error instanceof Error ? error : { message: error };
  return typeof message === "string" ? message : shown(message);
}

/** Node's code of a system error (`ENOENT`, `ENOSPC`, …), else undefined. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : undefined;
}
