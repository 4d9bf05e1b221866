/** What a schema found wrong, as a sentence. */
import type { ZodError } from "zod";
import { shown as shownValue } from "./shown.ts";

const mostShown = 5;

/** `path: problem; path: problem`, the first few of them, each in the words of our errors: "expected …, got …". */
export function schemaProblems({ issues }: Pick<ZodError, "issues">): string {
  const shown = issues
    .slice(0, mostShown)
    .map((issue) => `${issue.path.join(".") || "the whole"}: ${inOurWords(issue)}`);
  const left = issues.length - shown.length;
  return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].join("; ");
}

/** What came is known only to a schema that was asked with `reportInput`; else its type is. */
function inOurWords(issue: ZodError["issues"][number]): string {
  const { code, message } = issue;
  if (code === "invalid_value" && "input" in issue)
    return `expected ${issue.values.length > 1 ? "one of " : ""}${issue.values.join(", ")}, got ${shownValue(issue.input)}`;
  return message.replace(/^Invalid (?:input|option): (?=expected)/, "").replace(/, received (\w+)$/, ", got $1");
}
