/** What a list says, whatever its form. */

/** Whether a list holds ids, which are text and compared exactly, or positions, which are numbers. */
export type ListedBy = "ids" | "positions";

/** One value of a list, as it stands there. */
export interface Listed {
  readonly text: string;
  /** From 1; of a list from a program the place of the value in it. */
  readonly line: number;
}

export interface ListedValues {
  readonly by: ListedBy;
  readonly values: readonly Listed[];
}

/** Records with named columns: rows of a CSV file, or JSON objects. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  readonly line: number;
  /** In the order of the columns; from JSON any value, undefined where the object lacks the column. */
  readonly cells: readonly unknown[];
}

/** Which rows and which column of a table are the list. */
export interface TableOptions {
  /** Column of the ids; default the one named `id`, or `index` for positions. */
  readonly idColumn?: string | undefined;
  /** Only rows with exactly these values in these columns. */
  readonly where?: Readonly<Record<string, string>> | undefined;
}
