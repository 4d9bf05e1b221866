/** The command line without running anything: what it parses, and what it prints. */
import type { Command } from "@commander-js/extra-typings";
import { vi } from "vitest";

/**
 * The options that `command` reads from `args`; its action is not run.
 * @throws CommanderError or CoppiceError for wrong usage
 */
export function optionsFrom(command: Command, ...args: string[]): never {
  const silent = { writeOut: () => undefined, writeErr: () => undefined };
  const parsed = command
    .exitOverride()
    .configureOutput(silent)
    .action(() => undefined);
  parsed.parse(args, { from: "user" });
  return parsed.opts() as never;
}

/** The help of `command`, as `args` and `--help` have it. */
export function helpOf(command: Command, ...args: string[]): string {
  let help = "";
  command.exitOverride().configureOutput({ writeOut: (text) => (help += text) });
  try {
    command.parse([...args, "--help"], { from: "user" });
  } catch (error) {
    if ((error as { code?: unknown }).code !== "commander.helpDisplayed") throw error;
  }
  return help;
}

/** What `action` prints on standard output and on standard error, a line for each call. */
export async function printedBy(action: () => unknown): Promise<{ readonly out: string; readonly errors: string }> {
  const out = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
  try {
    await action();
    return { out: linesOf(out.mock.calls), errors: linesOf(errors.mock.calls) };
  } finally {
    out.mockRestore();
    errors.mockRestore();
  }
}

function linesOf(calls: readonly (readonly unknown[])[]): string {
  return calls.map((words) => `${words.join(" ")}\n`).join("");
}
