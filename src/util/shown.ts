/**
 * Text from outside (names of files and classes, ids, values of options) in what Coppice says of it: never longer than a line, and never with a
 * character that a terminal obeys or that nobody sees.
 */

/** Characters of a quoted value, before its end is left out. */
const LONGEST_VALUE = 80;

/** Control, formatting (bidirectional, zero-width, soft hyphen), line-separating and ignorable characters, and halves of pairs. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * `value` for a message: a text in quotes as JSON has them, with every character that is not to be seen as an escape (`\u202e`), and cut to
 * about 80 characters, with its length then: `"aaa…" (1000 characters)`. Objects only by their kind: their own toString may be missing, or throw.
 */
export function shown(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "function") return "a function";
  return typeof value === "object" && value !== null ? Object.prototype.toString.call(value) : String(value);
}

/** `text` as it is, but for the characters that {@link shown} escapes; newlines and tabs stay. */
export function printable(text: string): string {
  return text.replace(hidden, (character) => (/[\n\t]/.test(character) ? character : escaped(character)));
}

function quoted(text: string): string {
  if (text.length <= LONGEST_VALUE) return escapedJson(text);
  // By characters, so that no pair is cut in two.
  const beginning = Array.from(text.slice(0, 2 * LONGEST_VALUE))
    .slice(0, LONGEST_VALUE)
    .join("");
  return `${escapedJson(beginning).slice(0, -1)}…" (${text.length} characters)`;
}

/** JSON escapes quotes, backslashes and C0; what is left is hidden. */
function escapedJson(text: string): string {
  return JSON.stringify(text).replace(hidden, escaped);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
