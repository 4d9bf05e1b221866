/** Cells of a CSV file (RFC 4180), for readers and for spreadsheets. */

/** A cell that a reader of CSV reads as `text`, every character of it. */
export function csvCell(text: string): string {
  return /[",\p{Cc}]/u.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a spreadsheet computes, also in its full-width forms, with blanks before it or without. */
const formula = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/**
 * `text` so that a spreadsheet shows it instead of computing it: with an apostrophe before it where it begins like a formula. Numbers are left.
 *
 * Source     OWASP, CSV injection
 */
export function withoutFormula(text: string): string {
  const isNumber = text.trim() !== "" && Number.isFinite(Number(text));
  return formula.test(text) && !isNumber ? `'${text}` : text;
}
