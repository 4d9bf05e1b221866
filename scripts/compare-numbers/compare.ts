/** The second half: whether two folders of results say the same, but for what may differ. */
import { sha256Hex } from "../../src/util/hash.ts";
import type { Allowed } from "./allowed.ts";
import { type Fields, type Files, readResults, type Results } from "./read-results.ts";

export interface Difference {
  readonly file: string;
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** Sentences that say the same numbers in other words. */
  readonly reworded: ReadonlyArray<{ readonly before: string; readonly after: string; readonly times: number }>;
  /** What was compared in each folder at the top. */
  readonly compared: Readonly<Record<string, Compared>>;
}

export interface Compared {
  files: number;
  /** Weight files, equal byte for byte. */
  models: number;
  fields: number;
  /** Of the hashes of the weight files, in order of their paths. */
  modelsSha256: string;
}

export const ABSENT = "(absent)";

export function compareResults(before: string, after: string, allowed: Allowed): Comparison {
  const comparer = new Comparer(allowed);
  comparer.compare(readResults(before, allowed), readResults(after, allowed));
  return comparer.result();
}

class Comparer {
  readonly #allowed: Allowed;
  readonly #differences: Difference[] = [];
  readonly #reworded = new Map<string, { before: string; after: string; times: number }>();
  readonly #compared = new Map<string, Compared>();

  constructor(allowed: Allowed) {
    this.#allowed = allowed;
  }

  result(): Comparison {
    return {
      differences: this.#differences,
      reworded: [...this.#reworded.values()],
      compared: Object.fromEntries(this.#compared),
    };
  }

  compare(before: Results, after: Results): void {
    this.#files(before.files, after.files, "");
    for (const parent of new Set([...before.jobs.keys(), ...after.jobs.keys()])) {
      for (const [i, [one, other]] of pairs(before.jobs.get(parent) ?? [], after.jobs.get(parent) ?? []).entries())
        this.#files(one, other, `${parent}/(job ${i + 1})/`);
    }
  }

  #files(before: Files, after: Files, where: string): void {
    for (const file of new Set([...before.keys(), ...after.keys()])) {
      const [one, other] = [before.get(file), after.get(file)];
      if (one === undefined || other === undefined)
        this.#differ(where + file, "the file", one && "there", other && "there");
      else this.#fields(one, other, where + file);
    }
  }

  #fields(before: Fields, after: Fields, file: string): void {
    for (const field of new Set([...before.keys(), ...after.keys()])) {
      const [one, other] = [before.get(field), after.get(field)];
      if (one !== undefined && other !== undefined && this.#agree(field, one, other)) continue;
      this.#differ(file, field, one, other);
    }
    const shared = [...before.keys()].filter((field) => after.has(field));
    const then = [...after.keys()].filter((field) => before.has(field));
    const moved = shared.findIndex((field, i) => then[i] !== field);
    if (moved >= 0) this.#differ(file, "the order of the fields", shared[moved], then[moved]);
    this.#count(file, before);
  }

  #agree(field: string, before: string, after: string): boolean {
    if (before === after) return true;
    const isSentence = /\s/.test(before) && /\s/.test(after);
    const [name = ""] = field.split(".").slice(-1);
    if (!isSentence || this.#allowed.exactFields.includes(name)) return false;
    if (numbersIn(before).join(" ") !== numbersIn(after).join(" ")) return false;
    const known = this.#reworded.get(`${before}\n${after}`);
    if (known !== undefined) known.times++;
    else this.#reworded.set(`${before}\n${after}`, { before, after, times: 1 });
    return true;
  }

  #differ(file: string, field: string, before: string = ABSENT, after: string = ABSENT): void {
    this.#differences.push({ file, field, before, after });
  }

  #count(file: string, fields: Fields): void {
    const [top = ""] = file.split("/");
    const counts = this.#compared.get(top) ?? { files: 0, models: 0, fields: 0, modelsSha256: sha256Hex("") };
    this.#compared.set(top, counts);
    counts.files++;
    counts.fields += fields.size;
    if (!file.endsWith(".safetensors")) return;
    counts.models++;
    counts.modelsSha256 = sha256Hex(counts.modelsSha256 + (fields.get("sha256") ?? ""));
  }
}

/** Numbers of a sentence; those in names, such as l1, are none. */
function numbersIn(text: string): string[] {
  return text.match(/(?<![\w.-])[-−+]?\d+(\.\d+)?(e[-+]?\d+)?/g) ?? [];
}

const nothing: Files = new Map();

/** Jobs that belong together: first those that agree, then those that share the most. */
function pairs(before: readonly Files[], after: readonly Files[]): Array<[Files, Files]> {
  const left = new Map(after.map((job) => [job, fingerprint(job)]));
  const found: Array<[Files, Files]> = [];
  const open: Files[] = [];
  for (const job of before) {
    const print = fingerprint(job);
    const [same] = [...left].find(([, other]) => other === print) ?? [];
    if (same === undefined) open.push(job);
    else found.push([job, same]);
    if (same !== undefined) left.delete(same);
  }
  for (const job of open) {
    const [nearest] = [...left.keys()].toSorted((a, b) => sharedFields(job, b) - sharedFields(job, a));
    found.push([job, nearest ?? nothing]);
    if (nearest !== undefined) left.delete(nearest);
  }
  return [...found, ...[...left.keys()].map((job): [Files, Files] => [nothing, job])];
}

function fingerprint(job: Files): string {
  return JSON.stringify([...job].map(([file, fields]) => [file, [...fields]]));
}

function sharedFields(job: Files, other: Files): number {
  return [...job].reduce((sum, [file, fields]) => {
    const there = other.get(file);
    return sum + [...fields].filter(([field, value]) => there?.get(field) === value).length;
  }, 0);
}
