/** Says what will be forgotten before anything is written, and asks on a terminal. */
import { createInterface } from "node:readline/promises";
import { integer, plural } from "../format/index.ts";
import type { ForgetSetSummary } from "../stages/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { shown } from "../util/shown.ts";

const MOST_CLASSES = 10;

/** How many images, of which classes, and the first ids, a line each. */
export function forgetSetLines({ count, of, scenario, classes, first }: ForgetSetSummary): string[] {
  const ids = first.map(shown).join(", ");
  const others = classes.length - MOST_CLASSES;
  return [
    `to forget: ${plural(count, "image")} of the ${integer(of)} trained on: ${scenario}`,
    ...classes
      .slice(0, MOST_CLASSES)
      .map((each) => `  class ${each.name}: ${integer(each.count)} of ${plural(each.of, "image")}`),
    ...(others > 0 ? [`  and images of ${plural(others, "more class", "more classes")}`] : []),
    `  ${count > first.length ? `the first ${first.length}: ` : ""}${ids}`,
  ];
}

interface Asking {
  /** The answer that was given on the command line. */
  readonly yes: boolean;
  readonly log: (message: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Tells what will be forgotten. Where somebody sits before a terminal, it asks as well, unless `yes` is the answer.
 * @throws CoppiceError E_CONFIG when the answer is another than yes
 */
export function confirmForget({ yes, log, signal }: Asking): (set: ForgetSetSummary) => Promise<void> {
  return async (set) => {
    if (set.count === 0) return;
    for (const line of forgetSetLines(set)) log(line);
    if (yes || process.stdin.isTTY !== true || process.stderr.isTTY !== true) return;
    const answer = await ask("forget these images? (yes or no) ", signal);
    if (/^y(es)?$/i.test(answer.trim())) return;
    throw new CoppiceError("E_CONFIG", `forget: expected the answer yes, got ${shown(answer.trim())}`, {
      hint: "nothing was written; --yes answers beforehand, --dry-run only shows what would be forgotten",
    });
  };
}

/** The answer; none when the input ends. Ctrl-C is what it is elsewhere. */
async function ask(question: string, signal: AbortSignal | undefined): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    const ended = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
    const asked = signal === undefined ? terminal.question(question) : terminal.question(question, { signal });
    return await Promise.race([asked, ended]);
  } finally {
    terminal.close();
  }
}
