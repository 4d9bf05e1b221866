/** The rows and the column of a table that are the list. */
import { didYouMean } from "../../util/assert.ts";
import { defined } from "../../util/defined.ts";
import { CoppiceError } from "../../util/errors.ts";
import { shown } from "../../util/shown.ts";
import { looseText } from "./loose-key.ts";
import type { Listed, ListedBy, ListedValues, Table, TableOptions, TableRow } from "./listed.ts";

interface ColumnOptions extends TableOptions {
  /** For errors. */
  readonly path: string;
  /** `positions`: only the column `index` will do. */
  readonly by: ListedBy;
}

/** Whether a column of this name is the list. */
export function isIdColumn(name: string, { by, idColumn }: Pick<ColumnOptions, "by" | "idColumn">): boolean {
  if (idColumn !== undefined) return name.trim() === idColumn.trim();
  const plain = name.trim().toLowerCase();
  return plain === "index" || (plain === "id" && by === "ids");
}

/** @throws CoppiceError E_DATA for a column or value that is not there, is there twice, or is not what it must be */
export function columnOf(table: Table, options: ColumnOptions): ListedValues {
  const { columns } = table;
  const column = onlyColumn(columns, options);
  const rows = rowsWhere(table, options);
  const isIndex = options.idColumn === undefined && columns[column]?.trim().toLowerCase() === "index";
  const by = isIndex ? "positions" : "ids";
  return { by, values: rows.map((row) => listedIn(row, column, { by, path: options.path })) };
}

function onlyColumn(columns: readonly string[], options: ColumnOptions): number {
  const found = columns.flatMap((name, i) => (isIdColumn(name, options) ? [i] : []));
  const [column] = found;
  if (column !== undefined && found.length === 1) return column;
  const { path, idColumn, by } = options;
  const wanted = idColumn ?? (by === "positions" ? "index" : "id or index");
  const hint = idColumn === undefined ? undefined : didYouMean(idColumn, columns);
  throw new CoppiceError(
    "E_DATA",
    `${path}: expected one column named ${wanted}, got ${columns.slice(0, 12).map(shown).join(", ")}`,
    { hint: hint ?? "`idColumn: NAME` says which column has the ids" },
  );
}

function listedIn(
  { line, cells }: TableRow,
  column: number,
  { by, path }: { readonly by: ListedBy; readonly path: string },
): Listed {
  const value = cells[column];
  if (typeof value === "string" || value === undefined) return { text: value ?? "", line };
  if (by === "positions" && typeof value === "number") return { text: String(value), line };
  throw new CoppiceError("E_DATA", `${path} line ${line}: expected an id, which is text, got ${shown(value)}`, {
    hint: "put ids in quotes; positions of images go under `indices`",
  });
}

/** Those with exactly the wanted values. A row that nearly has them must not be passed over, so it is refused. */
function rowsWhere({ columns, rows }: Table, { path, where = {} }: ColumnOptions): readonly TableRow[] {
  const wanted = Object.entries(where).map(([name, text]) => ({ name, text, at: columnNamed(columns, name, path) }));
  const kept: TableRow[] = [];
  for (const row of rows) {
    const pairs = wanted.map((each) => [cellText(row, each, path), each.text] as const);
    if (pairs.every(([value, text]) => value === text)) kept.push(row);
    else if (pairs.every(([value, text]) => looseText(value) === looseText(text))) throw nearly(row, path, pairs);
  }
  if (kept.length > 0 || rows.length === 0) return kept;
  const asked = Object.entries(where).map(([name, text]) => `${shown(name)} ${shown(text)}`);
  throw new CoppiceError("E_DATA", `${path}: expected rows with ${asked.join(" and ")}, got none in ${rows.length}`);
}

function nearly({ line }: TableRow, path: string, pairs: readonly (readonly [string, string])[]): CoppiceError {
  const [value, text] = pairs.find((pair) => pair[0] !== pair[1]) ?? ["", ""];
  return new CoppiceError(
    "E_DATA",
    `${path} line ${line}: expected ${shown(text)} or something else, got ${shown(value)}, which is nearly the same`,
    { hint: "values are compared exactly: write what is the same in the same way in all rows" },
  );
}

function columnNamed(columns: readonly string[], name: string, path: string): number {
  const found = columns.flatMap((column, i) => (column === name.trim() ? [i] : []));
  const [column] = found;
  if (column !== undefined && found.length === 1) return column;
  const got = columns.slice(0, 12).map(shown).join(", ");
  throw new CoppiceError(
    "E_DATA",
    `${path}: expected one column named ${shown(name)}, got ${got}`,
    defined({ hint: didYouMean(name, columns) }),
  );
}

/** Numbers of JSON as they are written, where that is certain. A row that does not say is refused: it may be one of those asked for. */
function cellText(
  { cells, line }: TableRow,
  { at, name }: { readonly at: number; readonly name: string },
  path: string,
): string {
  const value = cells[at];
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || (typeof value === "number" && Number.isSafeInteger(value))) return String(value);
  const got = value === undefined ? "none" : shown(value);
  throw new CoppiceError(
    "E_DATA",
    `${path} line ${line}: expected text for ${shown(name)} to compare with, got ${got}`,
    {
      hint: "give every row this value as text, or take the row out",
    },
  );
}
