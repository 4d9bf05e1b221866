/**
 * Text from outside (names of files and classes, ids, values of options) in what Coppice says of it: never longer than a line, and never with a
 * character that a terminal obeys or that nobody sees.
 */

/** Characters of a quoted value, before its end is left out. */
const LONGEST_VALUE = 80;
/** Of a line of a message, which may list what could have been given. */
const LONGEST_LINE = 1000;

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

/** `text` as it is, but for the characters that {@link shown} escapes; newlines and tabs stay. JSON stays the same JSON. */
export function printable(text: string): string {
  return text.replace(hidden, (character) => (/[\n\t]/.test(character) ? character : escaped(character)));
}

/** {@link printable}, and no line of it longer than a few of a terminal: what a message quotes unasked may be a file's whole content. */
export function printableLines(text: string): string {
  return text
    .split("\n")
    .map((line) => printable(shortened(line)))
    .join("\n");
}

function shortened(line: string): string {
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}… (${line.length} characters)`;
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

/** As JSON has it: two escapes for a character beyond 16 bits. */
function escaped(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
