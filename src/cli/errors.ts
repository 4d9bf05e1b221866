/** What the user sees when something went wrong. */
import { CommanderError } from "@commander-js/extra-typings";
import { styleText } from "node:util";
import { Interrupted } from "../train/index.ts";
import { CoppiceError, messageOf, systemCode } from "../util/errors.ts";
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
  const forUser = error instanceof CoppiceError ? error : ofSystem(error);
  if (debug && error instanceof Error) console.error(printable(stackOf(error)));
  else
    console.error(
      `${styleText("red", forUser ? "error:" : "internal error:")} ${printableLines(messageOf(forUser ?? error))}`,
    );
  const hint = forUser ? forUser.hint : "please report it, with the output of the same command with --debug";
  if (hint !== undefined) console.error(`  ${printableLines(hint)}`);
  if (forUser?.code !== "E_ARG") return exitCodes.error;
  console.error(whereHelpIs);
  return exitCodes.usage;
}

/** What the system refused where nobody foresaw it, a disk or a limit, in its own words: the user can do more about it than we. */
function ofSystem(error: unknown): CoppiceError | undefined {
  const { syscall, path } = (error ?? {}) as { readonly syscall?: unknown; readonly path?: unknown };
  if (typeof syscall !== "string" || systemCode(error) === undefined) return undefined;
  const where = typeof path === "string" ? path : "the system";
  return new CoppiceError("E_CONFIG", `${where}: expected to be allowed to ${syscall}, got: ${messageOf(error)}`);
}

/** Errors of a user's code may name each other as causes. */
const MOST_CAUSES = 10;

/** With the stacks of its causes. */
function stackOf(error: Error, depth = 0): string {
  const stack = String(error.stack ?? messageOf(error));
  const { cause } = error;
  return cause instanceof Error && depth < MOST_CAUSES ? `${stack}\ncaused by ${stackOf(cause, depth + 1)}` : stack;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
