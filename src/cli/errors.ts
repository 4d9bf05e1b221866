/** What the user sees when something went wrong. */
import { CommanderError } from "@commander-js/extra-typings";
import { styleText } from "node:util";
import { Interrupted } from "../train/index.ts";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { printable, printableLines, shown } from "../util/shown.ts";

export const exitCodes = { error: 1, usage: 2, interrupted: 130 } as const;

/** Below what is wrong with the words of a command. */
export const whereHelpIs = "(coppice --help lists the commands, coppice COMMAND --help its options)";

/** What commander says of wrong usage, with what was typed as in our own messages where that is long or cannot be seen. */
export function shortUsageError(text: string): string {
  return printableLines(text.replaceAll(/'([^']{81,})'/g, (_, value: string) => shown(value)));
}

/** Prints what went wrong on standard error, and gives the exit code. A stack trace only with `debug`. */
export function reportError(error: unknown, debug: boolean): number {
  if (error instanceof CommanderError) return error.exitCode; // commander has printed it
  if (error instanceof Interrupted || isAbort(error)) {
    console.error("\nStopped. What was done is saved.");
    return exitCodes.interrupted;
  }
  const isForUser = error instanceof CoppiceError;
  if (debug && error instanceof Error) console.error(printable(stackOf(error)));
  else
    console.error(`${styleText("red", isForUser ? "error:" : "internal error:")} ${printableLines(messageOf(error))}`);
  const hint = isForUser ? error.hint : "please report it, with the output of the same command with --debug";
  if (hint !== undefined) console.error(`  ${printableLines(hint)}`);
  if (!isForUser || error.code !== "E_ARG") return exitCodes.error;
  console.error(whereHelpIs);
  return exitCodes.usage;
}

/** With the stacks of its causes. */
function stackOf(error: Error): string {
  const stack = error.stack ?? messageOf(error);
  return error.cause instanceof Error ? `${stack}\ncaused by ${stackOf(error.cause)}` : stack;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
