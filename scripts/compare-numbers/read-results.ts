/** What a folder of results says, as fields that can be compared one by one. */
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { parseCsv } from "../../src/util/csv.ts";
import { sha256Hex } from "../../src/util/hash.ts";
import type { Allowed } from "./allowed.ts";

/** A file: its fields by path, in its order. Of a file that counts whole, the one field `sha256`. */
export type Fields = ReadonlyMap<string, string>;
/** Files by their path. */
export type Files = ReadonlyMap<string, Fields>;

export interface Results {
  /** Outside of jobs. */
  readonly files: Files;
  /** By the folder that holds them: a job's own folder is named by a hash, which changes with the code. */
  readonly jobs: ReadonlyMap<string, readonly Files[]>;
}

const JOB = /[a-z]+-[0-9a-f]{20}/;
/** As tables for people have it: 58 s, 1 min 2 s. */
const DURATION = /(?<![\w.])\d+(?:\.\d+)? (?:ms|s|min|h)\b(?: \d+(?:\.\d+)? (?:ms|s|min)\b)*/g;
const HASHED = /^[0-9a-f]{64}(?=\.)/;
const jobFolder = new RegExp(`^(?<parent>.*?)/${JOB.source}(?:/(?<file>.*))?$`);

/** Earlier names become later ones, so that results of either program can be read. */
export function readResults(folder: string, allowed: Allowed): Results {
  const reader = new Reader(allowed);
  const files = new Map<string, Fields>();
  const jobs = new Map<string, Map<string, Map<string, Fields>>>();
  for (const path of filesIn(folder, allowed.leftOutFiles)) {
    const fields = reader.read(path);
    const parts = relative(folder, path).split(sep);
    const name = parts.map((part) => reader.fileName(part, fields)).join("/");
    const { parent, file } = jobFolder.exec(name)?.groups ?? {};
    if (parent === undefined || file === undefined) files.set(name, fields);
    else {
      const siblings = jobs.get(parent) ?? new Map<string, Map<string, Fields>>();
      const key = name.slice(0, -file.length);
      siblings.set(key, (siblings.get(key) ?? new Map<string, Fields>()).set(file, fields));
      jobs.set(parent, siblings);
    }
  }
  return { files, jobs: new Map([...jobs].map(([parent, siblings]) => [parent, [...siblings.values()]])) };
}

function filesIn(folder: string, leftOut: readonly RegExp[]): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !leftOut.some((pattern) => pattern.test(name)))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path, leftOut) : [path];
    });
}

class Reader {
  readonly #allowed: Allowed;

  constructor(allowed: Allowed) {
    this.#allowed = allowed;
  }

  /** @param fields of the file: one that is named by a hash of its settings goes by its content */
  fileName(name: string, fields: Fields): string {
    if (HASHED.test(name)) return name.replace(HASHED, fields.get("sha256") ?? "");
    return this.#allowed.files[name] ?? name;
  }

  read(path: string): Fields {
    const bytes = readFileSync(path);
    const text = (): string => bytes.toString("utf8");
    const whole = path.endsWith("split.json") ? "" : extname(path);
    switch (whole) {
      case ".json":
        return this.#fields(JSON.parse(text()));
      case ".jsonl":
        return this.#fields(linesOf(text()).map((line) => JSON.parse(line) as unknown));
      case ".csv":
        return this.#fields(rowsOf(text(), path));
      case ".md":
      case ".tex":
        return new Map([["text", text().replaceAll(DURATION, "(time)")]]);
      default:
        return new Map([["sha256", sha256Hex(bytes)]]);
    }
  }

  #fields(document: unknown): Fields {
    const fields = new Map<string, string>();
    this.#visit(document, [], (names, value) => void fields.set(names.join("."), value));
    return fields;
  }

  /** @param names from the outermost field inwards, indices of lists among them */
  #visit(value: unknown, names: readonly string[], found: (names: readonly string[], value: string) => void): void {
    if (typeof value !== "object" || value === null || Object.keys(value).length === 0) {
      found(names, this.#text(value));
      return;
    }
    // Findings on run times.
    const timed = "timed" in value && value.timed === true ? ["ours", "verdict"] : [];
    for (const [name, inner] of Object.entries(value)) {
      const path = [...names, this.#fieldName([...names, name])];
      if (!timed.includes(name) && !path.includes("") && !this.#isLeftOut(path)) this.#visit(inner, path, found);
    }
  }

  /** What the later program calls the last of the names; empty for a field that is gone. */
  #fieldName(names: readonly string[]): string {
    const last = names.at(-1) ?? "";
    const rule = Object.entries(this.#allowed.fields).find(([before]) => endsWith(names, before));
    return rule === undefined ? last : (rule[1] ?? "");
  }

  #isLeftOut(names: readonly string[]): boolean {
    const { leftOutFields, added } = this.#allowed;
    return [...leftOutFields, ...added].some((rule) => endsWith(names, rule));
  }

  #text(value: unknown): string {
    if (typeof value !== "string") return JSON.stringify(value);
    const renamed = this.#allowed.values[value] ?? value;
    return renamed.replaceAll(new RegExp(JOB, "g"), "job");
  }
}

/** @param rule a name, or several with dots between, as the path must end but for indices */
function endsWith(names: readonly string[], rule: string): boolean {
  const wanted = rule.split(".");
  const plain = names.filter((name) => !/^\d+$/.test(name));
  // An index is not a field: what holds of a list holds of all that is in it.
  if (/^\d+$/.test(names.at(-1) ?? "")) return false;
  return wanted.every((name, i) => plain[plain.length - wanted.length + i] === name);
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** Rows of a table by the names in its first line. */
function rowsOf(text: string, path: string): Array<Record<string, string>> {
  const [header, ...rows] = parseCsv(text, path);
  return rows.map(({ cells }) => Object.fromEntries(cells.map((cell, i) => [header?.cells[i] ?? "", cell])));
}
