/** What the user sees when something went wrong. */
import { CommanderError } from "@commander-js/extra-typings";
import { styleText } from "node:util";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { Interrupted } from "../train/index.ts";

/** Prints what went wrong on standard error, and gives the exit code. */
export function reportError(error: unknown, debug: boolean): number {
  if (error instanceof CommanderError) return error.exitCode; // commander has printed it
  if (error instanceof Interrupted || isAbort(error)) {
    console.error("\nStopped; what was done is saved.");
    return 130;
  }
  if (debug && error instanceof Error) console.error(stackOf(error));
  else if (error instanceof CoppiceError) {
    console.error(`${styleText("red", "error:")} ${error.message}`);
    if (error.hint !== undefined) console.error(`  ${error.hint}`);
  } else
    console.error(
      `${styleText("red", "internal error:")} ${messageOf(error)}\n  please report it, with the output of the same command and --debug`,
    );
  return 1;
}

/** With the stacks of what led to it. */
function stackOf(error: Error): string {
  const stack = error.stack ?? messageOf(error);
  return error.cause instanceof Error ? `${stack}\ncaused by ${stackOf(error.cause)}` : stack;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
