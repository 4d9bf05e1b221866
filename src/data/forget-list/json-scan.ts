/** What JSON.parse does not tell: the lines of values, and keys that an object has twice. */

export interface JsonScan {
  /** Line of every value that is no list or object, in order, from 1. */
  readonly lines: readonly number[];
  /** A key that an object has twice: JSON.parse would take the last and say nothing. */
  readonly repeated?: { readonly key: string; readonly line: number };
}

const TOKEN = /\n|("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]|[^\s,:"[\]{}]+/g;

/** @param text that JSON.parse takes @param begin the line on which it begins */
export function scanJson(text: string, begin = 1): JsonScan {
  const lines: number[] = [];
  const keys: Set<string>[] = [];
  let line = begin;
  for (const [token, quoted, colon] of text.matchAll(TOKEN)) {
    if (token === "\n") line++;
    else if (token === "{" || token === "[") keys.push(new Set());
    else if (token === "}" || token === "]") keys.pop();
    else if (quoted === undefined || colon === undefined) lines.push(line);
    else {
      const key = JSON.parse(quoted) as string;
      const own = keys.at(-1);
      if (own?.has(key) === true) return { lines, repeated: { key, line } };
      own?.add(key);
      line += colon.split("\n").length - 1;
    }
  }
  return { lines };
}
