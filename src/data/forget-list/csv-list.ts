/** Lists of separated values: what separates them is what the first line says, and never a guess. */
import { type CsvSeparator, parseCsv } from "../../util/csv.ts";
import { CoppiceError } from "../../util/errors.ts";
import { shown } from "../../util/shown.ts";
import type { ListedBy, ListedValues, Table, TableOptions } from "./listed.ts";
import { isIdColumn } from "./table-column.ts";

/** A longer line is no record of anything. */
const LONGEST_LINE = 100_000;

const separatorNames: Readonly<Record<CsvSeparator, string>> = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
  "|": "vertical bars",
};
const separators = Object.keys(separatorNames) as CsvSeparator[];

export interface CsvOptions extends TableOptions {
  readonly path: string;
  /** What a list without a header holds. */
  readonly by: ListedBy;
  /** Whether a text is the id of an image: such a first line is no header. */
  readonly isId: (text: string) => boolean;
}

/**
 * A table, or the only column of a list without a header.
 * @throws CoppiceError E_DATA for a text that is no CSV, a header without the column, and separators that cannot be told
 */
export function readCsvList(text: string, options: CsvOptions): Table | ListedValues {
  checkLines(text, options.path);
  const declared = /^sep=([,;\t|])[ \t]*(?=\n|$)/i.exec(text);
  const [line = "", separator] = declared ?? [];
  const body = text.slice(line.length); // its line end stays, so that lines are counted as in the file
  const head = body.split("\n").find((each) => each.trim() !== "") ?? "";
  const chosen = (separator as CsvSeparator | undefined) ?? separatorOf(head, options);
  // Spreadsheets end a table with rows of empty cells.
  const [first, ...rows] = parseCsv(body, options.path, chosen).filter(
    ({ cells }) => cells.length === 1 || cells.some((cell) => cell.trim() !== ""),
  );
  if (first === undefined) return { by: options.by, values: [] };
  if (first.cells.some((name) => isIdColumn(name, options))) {
    checkHeader(first.cells, options, first.line);
    return { columns: first.cells.map((name) => name.trim()), rows };
  }
  if (first.cells.length > 1 || options.idColumn !== undefined || options.where !== undefined)
    throw noColumn(first.cells, options, { line: first.line, separator: chosen });
  const values = [first, ...rows].map(({ line: at, cells }) => ({ text: cells[0] ?? "", line: at }));
  return { by: options.by, values };
}

function checkLines(text: string, path: string): void {
  let begin = 0;
  for (let line = 1; begin <= text.length; line++) {
    const newline = text.indexOf("\n", begin);
    const end = newline < 0 ? text.length : newline;
    if (end - begin > LONGEST_LINE) {
      throw new CoppiceError(
        "E_DATA",
        `${path} line ${line}: expected at most ${LONGEST_LINE} characters, got ${end - begin}: ${shown(text.slice(begin, begin + 40))} …`,
        { hint: "list one image a line" },
      );
    }
    begin = end + 1;
  }
}

/** The only separator by which the first line names the column; a comma where none is needed. */
function separatorOf(head: string, options: CsvOptions): CsvSeparator {
  const split = separators.map((separator) => ({ separator, cells: cellsOf(head, separator) }));
  const naming = split.filter(({ cells }) => cells.some((name) => isIdColumn(name, options)));
  const several = naming.filter(({ cells }) => cells.length > 1);
  const [found] = several;
  if (several.length > 1) {
    const names = several.map((each) => separatorNames[each.separator]).join(" or ");
    throw new CoppiceError(
      "E_DATA",
      `${options.path}: expected one separator, got a first line that could be cut at ${names}`,
      {
        hint: "put the line sep=; (or the right separator) before it, or the column of ids into a separate file",
      },
    );
  }
  if (found !== undefined) return found.separator;
  if (naming.length > 0 || options.isId(head)) return ",";
  return split.find(({ cells }) => cells.length > 1)?.separator ?? ",";
}

/** Of the first line; none where it is not separated so. */
function cellsOf(head: string, separator: CsvSeparator): readonly string[] {
  try {
    return parseCsv(head, "", separator)[0]?.cells ?? [];
  } catch (error) {
    if (error instanceof CoppiceError) return [];
    throw error;
  }
}

/** A column of the header's name that is the only one could be an id of the data set as well. */
function checkHeader(cells: readonly string[], { path, isId, idColumn }: CsvOptions, line: number): void {
  const [name = ""] = cells;
  if (cells.length > 1 || idColumn !== undefined || !isId(name)) return;
  throw new CoppiceError(
    "E_DATA",
    `${path} line ${line}: expected a header or an id, got ${shown(name)}, which is a column's name and an image's id`,
    { hint: `for a header, name it with \`idColumn: ${name}\`` },
  );
}

function noColumn(
  cells: readonly string[],
  { path, by, idColumn }: CsvOptions,
  { line, separator }: { readonly line: number; readonly separator: CsvSeparator },
): CoppiceError {
  const names = cells.map((name) => shown(name.trim())).slice(0, 12);
  const got = `${names.join(", ")}${cells.length > names.length ? ", …" : ""}`;
  const wanted = by === "positions" ? "index" : (idColumn ?? "id or index");
  const cut = cells.length > 1 ? ` (separated by ${separatorNames[separator]})` : "";
  return new CoppiceError("E_DATA", `${path} line ${line}: expected a column named ${wanted}, got ${got}${cut}`, {
    hint: "the first line names the columns; `idColumn: NAME` says which one has the ids",
  });
}
