/** A strict reader of comma-separated values (RFC 4180) that knows on which line of the file each record begins. */
import { CoppiceError } from "./errors.ts";

export interface CsvRecord {
  /** Line of the file on which the record begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** One cell and what ends it: a comma, a line end, or the end of the text. */
const CELL = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/**
 * The records of `text`. Lines end with \n or \r\n, empty lines are left out, a byte order mark is dropped, cells are kept as
 * they stand. Every record must have as many cells as the first; quotes stand only around a whole cell and are doubled inside it.
 * Throws E_DATA naming `where` (the file) and the line.
 */
export function parseCsv(text: string, where: string): CsvRecord[] {
  const source = text.replace(/^\uFEFF/, "");
  const records: CsvRecord[] = [];
  let line = 1;
  let cells: string[] = [];
  let begin = 1;
  for (let at = 0; at < source.length || cells.length > 0;) {
    CELL.lastIndex = at;
    const match = CELL.exec(source);
    if (match === null)
      throw fault(where, line, "comma-separated cells", "a misplaced or unclosed quote, or a lone carriage return");
    const [whole, quoted, plain = "", end] = match;
    at += whole.length;
    line += whole.split("\n").length - 1;
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") continue;
    const isEmptyLine = cells.length === 1 && quoted === undefined && plain === "";
    if (!isEmptyLine) records.push({ line: begin, cells });
    begin = line;
    cells = [];
  }
  checkWidths(records, where);
  return records;
}

function checkWidths(records: readonly CsvRecord[], where: string): void {
  const width = records[0]?.cells.length;
  for (const { line, cells } of records) {
    if (cells.length !== width) throw fault(where, line, `${width} cells, as on the first line`, String(cells.length));
  }
}

function fault(where: string, line: number, expected: string, got: string): CoppiceError {
  return new CoppiceError("E_DATA", `${where} line ${line}: expected ${expected}, got ${got}`);
}
