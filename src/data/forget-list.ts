/** Reads which images to forget from a file: indices into the train part, or image ids. */
import { basename } from "node:path";
import { z } from "zod";
import type { SplitManifest } from "../record/split.ts";
import { parseCsv } from "../util/csv.ts";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { readText } from "../util/files.ts";
import { sha256Hex } from "../util/hash.ts";
import type { SplitDataset } from "./split-dataset.ts";

export interface ForgetList {
  /** Ascending indices into the data set's train part, at least one. */
  readonly indices: number[];
  /** Name of the file, without its folder. */
  readonly source: string;
  /** Hash of its text. */
  readonly sha256: string;
}

/** One value of the file. `isIndex`: it can only be an index, never an image id. */
interface Entry {
  readonly text: string;
  readonly line: number;
  readonly isIndex: boolean;
}

const MOST_PROBLEMS_SHOWN = 10;
const jsonSchema = z.union([
  z.array(z.union([z.number(), z.string()])),
  z.strictObject({ ids: z.array(z.union([z.number(), z.string()])) }),
]);

/**
 * Reads a list of images. JSON: an array of numbers (indices) and strings (image ids, or digits), or `{"ids": [...]}`.
 * Otherwise CSV: a column named `id` (image ids, or indices where no image has that id) or `index` (indices only), or a single
 * column with no header. Throws E_DATA for a file that cannot be read or names no image, and for values that are unknown, listed
 * twice, or held out for validation, with the lines of the first ten and their count.
 */
export function readForgetList(path: string, base: SplitManifest, dataset: SplitDataset): ForgetList {
  const text = readText(path, "E_DATA");
  const entries = entriesOf(text, path);
  if (entries.length === 0)
    throw new CoppiceError("E_DATA", `${path}: expected at least one image to forget, got none`, {
      hint: "list one image a line below the header id, by id or index",
    });
  const indices = resolveEntries(entries, { path, base, dataset });
  return { indices: indices.toSorted((a, b) => a - b), source: basename(path), sha256: sha256Hex(text) };
}

/** The ids that a file lists, as they stand there, whichever data set they are of. @throws CoppiceError E_DATA for a file that cannot be read or lists none */
export function readIds(path: string): string[] {
  const text = readText(path, "E_DATA");
  const ids = entriesOf(text, path).map((entry) => entry.text);
  if (ids.length > 0) return ids;
  throw new CoppiceError("E_DATA", `${path}: expected at least one id, got none`);
}

function entriesOf(text: string, path: string): Entry[] {
  const isJson = /^\s*[[{]/.test(text) || path.toLowerCase().endsWith(".json");
  return isJson ? jsonEntries(text, path) : csvEntries(text, path);
}

function csvEntries(text: string, path: string): Entry[] {
  const records = parseCsv(text, path);
  const header = records[0]?.cells.map((name) => name.trim().toLowerCase()) ?? [];
  const columns = header.flatMap((name, i) => (name === "id" || name === "index" ? [i] : []));
  const [column] = columns;
  if (columns.length > 1 || (column === undefined && header.length > 1)) {
    throw new CoppiceError(
      "E_DATA",
      `${path} line ${records[0]?.line}: expected one column named id or index, got ${header.join(", ")}`,
    );
  }
  const isIndex = column !== undefined && header[column] === "index";
  const rows = column === undefined ? records : records.slice(1);
  return rows.map(({ line, cells }) => ({ line, text: (cells[column ?? 0] ?? "").trim(), isIndex }));
}

function jsonEntries(text: string, path: string): Entry[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new CoppiceError("E_DATA", `${path}: expected JSON, got ${messageOf(error)}`, { cause: error });
  }
  const checked = jsonSchema.safeParse(parsed);
  if (!checked.success) {
    throw new CoppiceError(
      "E_DATA",
      `${path}: expected an array of indices or image ids, or {"ids": [...]}, got something else`,
    );
  }
  const values = Array.isArray(checked.data) ? checked.data : checked.data.ids;
  const lines = scalarLines(text);
  const first = lines.length - values.length; // the key "ids", where there is one, comes before the values
  return values.map((value, i) => ({
    text: String(value),
    line: lines[first + i] ?? 0,
    isIndex: typeof value === "number",
  }));
}

/** The line of every string, number and key in a JSON text, in order; JSON.parse does not tell. */
function scalarLines(text: string): number[] {
  const lines: number[] = [];
  let line = 1;
  for (const [token] of text.matchAll(/\n|"(?:[^"\\]|\\.)*"|[^\s,:"[\]{}]+/g)) {
    if (token === "\n") line++;
    else lines.push(line);
  }
  return lines;
}

interface Context {
  readonly path: string;
  readonly base: SplitManifest;
  readonly dataset: SplitDataset;
}

function resolveEntries(entries: readonly Entry[], { path, base, dataset }: Context): number[] {
  const numTrain = dataset.train.labels.length;
  const byId = new Map(Array.from({ length: numTrain }, (_, index) => [dataset.train.ids(index), index]));
  const validation = new Set(base.indices.validation);
  const lineOf = new Map<number, number>();
  const problems: string[] = [];
  for (const { text, line, isIndex } of entries) {
    const index =
      (isIndex ? undefined : (byId.get(text) ?? dataset.train.find?.(text))) ??
      (/^\d+$/.test(text) ? Number(text) : undefined);
    const earlier = index === undefined ? undefined : lineOf.get(index);
    const say = (problem: string): number => problems.push(`  line ${line}: ${JSON.stringify(text)} ${problem}`);
    if (index === undefined) say(isIndex ? "is not an index" : "is neither an index nor an image id of this data set");
    else if (index >= numTrain) say(`is out of range: the train part has the indices 0 to ${numTrain - 1}`);
    else if (earlier !== undefined) say(`names the same image as line ${earlier}`);
    else if (validation.has(index)) say("is held out for validation: the model was never trained on it");
    if (index !== undefined && earlier === undefined) lineOf.set(index, line);
  }
  if (problems.length === 0) return [...lineOf.keys()];
  const shown = problems.slice(0, MOST_PROBLEMS_SHOWN);
  if (problems.length > shown.length) shown.push(`  and ${problems.length - shown.length} more`);
  const faults = `${problems.length} ${problems.length === 1 ? "fault" : "faults"}`;
  throw new CoppiceError(
    "E_DATA",
    `${path}: expected each training image to forget once, got ${faults}\n${shown.join("\n")}`,
    { hint: "correct or leave out these lines; the ids are those of the data set that the model was trained on" },
  );
}
