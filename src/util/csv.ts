/** A strict reader of separated values (RFC 4180) that knows on which line of the file each record begins. */
import { CoppiceError } from "./errors.ts";

export interface CsvRecord {
  /** Line of the file on which the record begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** What may stand between cells. */
export type CsvSeparator = "," | ";" | "\t" | "|";

/** One cell and what ends it: a separator, a line end, or the end of the text. */
function cellPattern(separator: CsvSeparator): RegExp {
  const mark = separator === "|" ? "\\|" : separator;
  return new RegExp(`(?:"([^"]*(?:""[^"]*)*)"|([^"${mark}\\r\\n]*))(${mark}|\\r?\\n|$)`, "y");
}

/**
 * The records of `text`. Lines end with \n or \r\n, lines with nothing but blanks are left out, a byte order mark is dropped, cells are
 * kept as they stand. Every record must have as many cells as the first; quotes stand only around a whole cell and are doubled inside it.
 * Throws E_DATA naming `where` (the file) and the line.
 */
export function parseCsv(text: string, where: string, separator: CsvSeparator = ","): CsvRecord[] {
  const pattern = cellPattern(separator);
  const source = text.replace(/^\uFEFF/, "");
  const records: CsvRecord[] = [];
  let line = 1;
  let cells: string[] = [];
  let begin = 1;
  for (let at = 0; at < source.length || cells.length > 0;) {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match === null) throw fault(where, line, "cells with a separator between them", misplaced);
    const [whole, quoted, plain = "", end] = match;
    at += whole.length;
    line += whole.split("\n").length - 1;
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === separator) continue;
    const isBlank = cells.length === 1 && quoted === undefined && plain.trim() === "";
    if (!isBlank) records.push({ line: begin, cells });
    begin = line;
    cells = [];
  }
  checkWidths(records, where);
  return records;
}

const misplaced = "a misplaced or unclosed quote, or a lone carriage return";

function checkWidths(records: readonly CsvRecord[], where: string): void {
  const width = records[0]?.cells.length;
  for (const { line, cells } of records) {
    if (cells.length === width) continue;
    throw fault(where, line, `${width} ${width === 1 ? "cell" : "cells"}, as on the first line`, String(cells.length));
  }
}

function fault(where: string, line: number, expected: string, got: string): CoppiceError {
  return new CoppiceError("E_DATA", `${where} line ${line}: expected ${expected}, got ${got}`);
}
