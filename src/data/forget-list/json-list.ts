/** Lists in JSON: an array of ids, an object with `ids` or `indices`, or rows, one object each, as an array or a line each. */
import { CoppiceError, messageOf } from "../../util/errors.ts";
import { shown } from "../../util/shown.ts";
import { type JsonScan, scanJson } from "./json-scan.ts";
import type { ListedBy, ListedValues, Table } from "./listed.ts";

export interface JsonOptions {
  readonly path: string;
  /** What an array holds. */
  readonly by: ListedBy;
}

/** @throws CoppiceError E_DATA for what is no JSON of one of these forms, numbers as ids, and keys that are there twice */
export function readJsonList(text: string, options: JsonOptions): Table | ListedValues {
  const { path, by } = options;
  const parsed = parsedAs(text, path);
  if (parsed === undefined) return rowsOfLines(text, path);
  const { value } = parsed;
  const scan = scanned(text, path);
  if (isObject(value)) {
    const keys = Object.keys(value);
    const named = keys.filter((key) => key === "ids" || key === "indices");
    if (named.length === 0) return tableOf([{ value, line: scan.lines[0] ?? 1 }]);
    const [key] = keys;
    const list = value[key ?? ""];
    if (keys.length > 1 || !Array.isArray(list)) throw wrongForm(path, value);
    const holds = key === "ids" ? "ids" : "positions";
    if (by === "positions" && holds === "ids") throw wrongForm(path, value);
    return listOf(list, scan, { path, by: holds });
  }
  if (!Array.isArray(value)) throw wrongForm(path, value);
  if (value.length > 0 && value.every(isObject)) return tableOf(withLines(value, scan));
  return listOf(value, scan, options);
}

/** Undefined for JSON lines: one value a line. */
function parsedAs(text: string, path: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const [first = "", ...others] = text.split("\n").filter((line) => line.trim() !== "");
    if (others.length > 0 && isWhole(first)) return undefined;
    throw new CoppiceError("E_DATA", `${path}: expected JSON, got ${shortened(messageOf(error))}`, { cause: error });
  }
}

/** What the engine says of bad JSON quotes the text. */
function shortened(message: string): string {
  return message.length <= 120 ? message : `${message.slice(0, 120)}…`;
}

function isWhole(line: string): boolean {
  try {
    return typeof JSON.parse(line) === "object";
  } catch {
    return false;
  }
}

function rowsOfLines(text: string, path: string): Table {
  const rows = text.split("\n").flatMap((each, i): { value: Record<string, unknown>; line: number }[] => {
    const line = i + 1;
    if (each.trim() === "") return [];
    const value = rowIn(each, `${path} line ${line}`);
    scanned(each, path, line);
    return [{ value, line }];
  });
  return tableOf(rows);
}

function rowIn(line: string, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new CoppiceError("E_DATA", `${where}: expected a JSON object, got ${shortened(messageOf(error))}`, {
      cause: error,
    });
  }
  if (isObject(value)) return value;
  throw new CoppiceError("E_DATA", `${where}: expected a JSON object, got ${shown(value)}`);
}

function scanned(text: string, path: string, line = 1): JsonScan {
  const scan = scanJson(text, line);
  if (scan.repeated === undefined) return scan;
  const { key } = scan.repeated;
  throw new CoppiceError(
    "E_DATA",
    `${path} line ${scan.repeated.line}: expected each key of an object once, got ${shown(key)} twice`,
    { hint: "readers of JSON would take one of them and leave the other out" },
  );
}

/** The line of an object in an array is that of its first value. */
function withLines(
  values: readonly Record<string, unknown>[],
  { lines }: JsonScan,
): { value: Record<string, unknown>; line: number }[] {
  let at = 0;
  return values.map((value) => {
    const line = lines[at] ?? 1;
    at += scalarsIn(value);
    return { value, line };
  });
}

function scalarsIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce((sum: number, each) => sum + scalarsIn(each), 0);
}

function tableOf(rows: readonly { readonly value: Record<string, unknown>; readonly line: number }[]): Table {
  const columns = [...new Set(rows.flatMap(({ value }) => Object.keys(value)))];
  return {
    columns,
    rows: rows.map(({ value, line }) => ({
      line,
      cells: columns.map((name) => (Object.hasOwn(value, name) ? (value[name] ?? undefined) : undefined)),
    })),
  };
}

function listOf(values: readonly unknown[], { lines }: JsonScan, { path, by }: JsonOptions): ListedValues {
  const wrong = values.findIndex((value) => (by === "ids" ? typeof value !== "string" : !isPosition(value)));
  if (wrong >= 0) {
    const got = `${isObject(values[wrong]) ? "an object" : shown(values[wrong])} as value ${wrong + 1}`;
    const line = values.every((value) => typeof value !== "object") ? ` line ${lines[wrong] ?? 1}` : "";
    throw by === "ids"
      ? new CoppiceError("E_DATA", `${path}${line}: expected ids, which are text, got ${got}`, {
          hint: 'put ids in quotes; positions of images go under indices: {"indices": [17, 42]}',
        })
      : new CoppiceError("E_DATA", `${path}${line}: expected whole numbers from 0, got ${got}`, {
          hint: 'ids go under ids: {"ids": ["…"]}',
        });
  }
  return { by, values: values.map((value, i) => ({ text: String(value), line: lines[i] ?? 1 })) };
}

function isPosition(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrongForm(path: string, value: unknown): CoppiceError {
  const keys = isObject(value) ? Object.keys(value) : [];
  const named = keys.slice(0, 12).map(shown).join(", ");
  const got = isObject(value) ? `an object with ${keys.length === 1 ? "the key" : "the keys"} ${named}` : shown(value);
  return new CoppiceError(
    "E_DATA",
    `${path}: expected an array of ids, {"ids": [...]}, {"indices": [...]} or rows with a key id, got ${got}`,
  );
}
