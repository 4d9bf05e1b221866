/** Reads which images to forget, from a file or a program: ids are text and compared exactly, positions are torchvision's. */
import { basename } from "node:path";
import type { ListRequest } from "../../record/forget-request.ts";
import type { SplitManifest } from "../../record/split.ts";
import { defined } from "../../util/defined.ts";
import { CoppiceError } from "../../util/errors.ts";
import { sha256Hex } from "../../util/hash.ts";
import type { SplitDataset } from "../split-dataset.ts";
import { readCsvList } from "./csv-list.ts";
import { writeFaults } from "./faults-file.ts";
import { readJsonList } from "./json-list.ts";
import { countsOf, listError, type PartCounts } from "./list-error.ts";
import { isJsonList, readListText } from "./list-text.ts";
import type { ListedBy, ListedValues } from "./listed.ts";
import { Records } from "./records.ts";
import { type ListFault, resolveList } from "./resolve-list.ts";
import { columnOf } from "./table-column.ts";

/** Images that the model was not trained on: ascending indices into the train part and into the test part. */
export interface HeldOut {
  readonly validation: readonly number[];
  readonly test: readonly number[];
}

export interface ForgetList {
  /** Ascending indices into the data set's train part that are trained on, at least one. */
  readonly train: readonly number[];
  /** Listed as well, ascending; only with `alsoTest`, else none. */
  readonly leftOut: HeldOut;
  /** Listed as well, whether left out or passed over. */
  readonly untrained: HeldOut;
  /** Name of the file, without its folder. */
  readonly source: string;
  /** Hash of the file's bytes; of values from a program, of them as lines. */
  readonly sha256: string;
  /** Transformations by which ids were compared, by commas; absent: exactly. */
  readonly match?: string;
  /** Values that were passed over; absent: none. */
  readonly skipped?: Omit<PartCounts, "train">;
}

export interface ListTask {
  /** Of the model that must forget. */
  readonly base: SplitManifest;
  readonly dataset: SplitDataset;
}

/**
 * Reads a list of images, and finds each of them in the data set that the model was trained on. Forms of files: a table in CSV with a column `id` or
 * `index`, or any `idColumn`; one id a line; JSON as an array of ids, `{"ids": [...]}`, `{"indices": [...]}`, or objects with a key `id`, as an array or a
 * line each.
 * @throws CoppiceError E_DATA for what cannot be read or is not clear, and for values that are unknown, listed twice, or not trained on, once for all
 */
export function readForgetList(request: ListRequest, { base, dataset }: ListTask): ForgetList {
  const records = new Records(base, dataset);
  const { listed, source, sha256, where, place } = valuesOf(request, records);
  const match = request.kind === "ids" ? (request.match ?? []) : [];
  const resolution = resolveList(listed, { records, match, place });
  if (request.faults !== undefined) writeFaults(request.faults, resolution.faults, where);
  const refused = resolution.faults.filter(({ kind }) => isRefused(kind, request));
  if (refused.length > 0) throw listError({ where, place, listed, resolution, records, match }, refused);
  const { train, ...passed } = countsOf(resolution);
  if (train === 0) throw nothingIn(where, listed.values.length);
  const { alsoTest = false } = request;
  const skipped = alsoTest ? { validation: 0, test: 0, unknown: passed.unknown } : passed;
  const untrained = { validation: ascending(resolution.validation), test: ascending(resolution.test) };
  return {
    train: ascending(resolution.train),
    leftOut: alsoTest ? untrained : { validation: [], test: [] },
    untrained,
    source,
    sha256,
    ...defined({
      match: match.length === 0 ? undefined : match.join(","),
      skipped: Object.values(skipped).some((count) => count > 0) ? skipped : undefined,
    }),
  };
}

interface ReadList {
  readonly listed: ListedValues;
  readonly source: string;
  readonly sha256: string;
  /** For errors. */
  readonly where: string;
  readonly place: "line" | "item";
}

function valuesOf(request: ListRequest, records: Records): ReadList {
  const by: ListedBy = request.kind === "ids" ? "ids" : "positions";
  if (!("file" in request)) {
    const given = "ids" in request ? request.ids : request.indices;
    const values = given.map((value, i) => ({ text: String(value), line: i + 1 }));
    const sha256 = sha256Hex(values.map(({ text }) => `${text}\n`).join(""));
    return { listed: { by, values }, source: "a list from a program", sha256, where: request.kind, place: "item" };
  }
  const { file: path, where: rows } = request;
  const { text, sha256 } = readListText(path);
  const idColumn = request.kind === "ids" ? request.idColumn : undefined;
  const options = { path, by, idColumn, where: rows };
  const isId = (id: string): boolean => records.withId(id).length > 0;
  const read = isJsonList(text, path) ? readJsonList(text, options) : readCsvList(text, { ...options, isId });
  if (!("columns" in read) && (idColumn !== undefined || rows !== undefined)) {
    throw new CoppiceError("E_DATA", `${path}: expected records with named columns, got a plain list`, {
      hint: "`idColumn` and `where` are for tables: CSV with a header, or JSON objects",
    });
  }
  const listed = "columns" in read ? columnOf(read, options) : read;
  return { listed, source: basename(path), sha256, where: path, place: "line" };
}

function isRefused(kind: ListFault["kind"], { skipUntrained = false, alsoTest = false }: ListRequest): boolean {
  if (kind === "validation" || kind === "test") return !skipUntrained && !alsoTest;
  return kind !== "unknown" || !skipUntrained;
}

function nothingIn(where: string, count: number): CoppiceError {
  if (count > 0) {
    const got = count === 1 ? "one that it was not trained on" : `${count} that it was not trained on`;
    return new CoppiceError("E_DATA", `${where}: expected an image that the model was trained on, got ${got}`, {
      hint: "there is nothing to forget: the model has learnt nothing from them",
    });
  }
  return new CoppiceError("E_DATA", `${where}: expected at least one image to forget, got none`, {
    hint: "list one image a line below the header id",
  });
}

function ascending(indices: readonly number[]): number[] {
  return indices.toSorted((a, b) => a - b);
}
