/** What a schema found wrong, as a sentence. */
import type { ZodError } from "zod";

const mostShown = 5;

/** `path: problem; path: problem`, the first few of them, each in the words of our errors: "expected …, got …". */
export function schemaProblems({ issues }: Pick<ZodError, "issues">): string {
  const shown = issues
    .slice(0, mostShown)
    .map(({ path, message }) => `${path.join(".") || "the whole"}: ${inOurWords(message)}`);
  const left = issues.length - shown.length;
  return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].join("; ");
}

function inOurWords(message: string): string {
  return message.replace(/^Invalid (?:input|option): (?=expected)/, "").replace(/, received (\w+)$/, ", got $1");
}
