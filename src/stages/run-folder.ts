/** A run: a folder of plain files that can be read, compared and copied without us. */
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseRunRecord, type RunRecord } from "../record/index.ts";
import { type MetricLine, parseMetricLines } from "../record/index.ts";
import { readSplit, type SplitManifest } from "../record/split.ts";
import { CoppiceError, systemCode } from "../util/errors.ts";
import {
  appendLine,
  makeFolder,
  readText,
  temporaryFileOwner,
  writeError,
  writeFileAtomic,
  writeJson,
} from "../util/files.ts";
import { hashFileSync } from "../util/hash.ts";
import { jsonText } from "../util/json-text.ts";
import { type FolderLock, lockFolder } from "../util/lock.ts";

const files = {
  split: "split.json",
  records: "records.json",
  metrics: "metrics.jsonl",
  model: "model.safetensors",
  rewind: "rewind.safetensors",
  checkpoint: "checkpoint.safetensors",
  evaluation: "evaluation.json",
  cleanse: "cleanse.json",
  report: "report.html",
  record: "run.json",
} as const;

const folders = {
  /** While the run lasts: what an interrupted one cannot compute again. */
  snapshots: "snapshots",
  /** Of an original: weights after each slice of its shards (SISA). */
  slices: "slices",
  /** Of a run that pruned in rounds: the runs of the earlier ones. */
  rounds: "rounds",
} as const;

/**
 * Everything a stage writes, and so everything `--force` may remove, in this order: the record last, so that what a kill in between leaves is a run
 * still and can be replaced.
 */
const ownFiles: ReadonlySet<string> = new Set([...Object.values(folders), ...Object.values(files)]);

/** The record of a run that is finished. */
export type FinishedRecord = RunRecord & { readonly result: NonNullable<RunRecord["result"]> };

export class RunFolder implements Disposable {
  readonly path: string;
  readonly name: string;
  #lock: FolderLock | null = null;

  private constructor(path: string) {
    this.path = resolve(path);
    this.name = basename(this.path);
  }

  /**
   * Refuses a folder that holds anything, so that a long stage need not run to find out.
   * @throws CoppiceError E_CONFIG
   */
  static checkFree(path: string, force: boolean): void {
    const entries = entriesOf(path);
    if (entries.length === 0) return;
    if (!force) {
      throw new CoppiceError(
        "E_CONFIG",
        `${path}: expected a folder that is new or empty, got one with ${entries.length} entries`,
        {
          hint: "choose another folder with --out, or replace the run in it with --force",
        },
      );
    }
    const foreign = entries.filter((name) => !ownFiles.has(name) && !isPassing(name));
    if (foreign.length > 0 || !(entries.includes(files.record) || entries.every(isEarly))) {
      const got = foreign.length > 0 ? `one that holds ${foreign.slice(0, 3).join(", ")}` : "one without run.json";
      throw new CoppiceError("E_CONFIG", `${path}: expected a run folder to replace, got ${got}`, {
        hint: "--force replaces runs only, never other files: choose another folder with --out",
      });
    }
  }

  /** A new run in `path`, locked for this process. With `force` an earlier run there is removed, or what a kill has left of one. */
  static create(path: string, force: boolean): RunFolder {
    RunFolder.checkFree(path, force);
    makeFolder(path);
    const folder = new RunFolder(path).lock();
    for (const name of ownFiles) rmSync(join(folder.path, name), { force: true, recursive: true });
    return folder;
  }

  /** Whether a run was begun in `path`, so far that its record was written. */
  static holdsRun(path: string): boolean {
    return existsSync(join(path, files.record));
  }

  /** @throws CoppiceError E_CHECKPOINT when `path` is no run folder. */
  static open(path: string): RunFolder {
    if (!RunFolder.holdsRun(path)) {
      const got = existsSync(path) ? "a folder without run.json" : "no such folder";
      throw new CoppiceError("E_CHECKPOINT", `${path}: expected a run folder, got ${got}`, {
        hint: "give a folder made by `coppice train`, `prune` or `forget`",
      });
    }
    return new RunFolder(path);
  }

  /** @throws CoppiceError E_CHECKPOINT when another process works in it. */
  lock(): this {
    this.#lock ??= lockFolder(this.path);
    return this;
  }

  file(name: keyof typeof files): string {
    return join(this.path, files[name]);
  }

  folder(name: keyof typeof folders): string {
    return join(this.path, folders[name]);
  }

  has(name: keyof typeof files): boolean {
    return existsSync(this.file(name));
  }

  readRecord(): RunRecord {
    const path = this.file("record");
    return parseRunRecord(readText(path, "E_CHECKPOINT"), path);
  }

  writeRecord(record: RunRecord): void {
    this.#writeJson("record", record);
  }

  readSplit(): SplitManifest {
    return readSplit(this.file("split"));
  }

  writeJson(name: "evaluation" | "cleanse", value: unknown): void {
    this.#writeJson(name, value);
  }

  /** Epochs so far, oldest first; empty before the first. */
  readMetrics(): MetricLine[] {
    if (!this.has("metrics")) return [];
    return parseMetricLines(readFileSync(this.file("metrics"), "utf8"), this.file("metrics"));
  }

  appendMetric(line: MetricLine): void {
    appendLine(this.file("metrics"), jsonText(line));
  }

  /** Drops epochs beyond `epochs`: a resumed run does them again. */
  truncateMetrics(epochs: number): void {
    if (!this.has("metrics")) return;
    const kept = this.readMetrics().filter((line) => line.epoch <= epochs);
    const text = kept.map((line) => `${JSON.stringify(line)}\n`).join("");
    truncateSync(this.file("metrics"), 0);
    writeFileAtomic(this.file("metrics"), text);
  }

  /**
   * The record of a finished run, after checking that its weights are those that were recorded.
   * @throws CoppiceError E_CHECKPOINT when it is not finished, or the file was changed.
   */
  requireFinished(): FinishedRecord {
    const record = this.readRecord();
    const { result, status } = record;
    if (status !== "finished" || result === undefined) {
      const hint =
        status === "interrupted" || status === "running"
          ? `go on with \`coppice resume ${this.path}\``
          : "run the stage again";
      throw new CoppiceError("E_CHECKPOINT", `${this.path}: expected a finished run, got one that is ${status}`, {
        hint,
      });
    }
    const got = this.has("model") ? hashFileSync(this.file("model")) : "no file";
    if (got !== result.modelSha256) {
      throw new CoppiceError(
        "E_CHECKPOINT",
        `${this.file("model")}: expected SHA-256 ${result.modelSha256}, got ${got}`,
        {
          hint: "the weights were changed or damaged after the run: restore them, or run the stage again",
        },
      );
    }
    return { ...record, result };
  }

  [Symbol.dispose](): void {
    this.#lock?.release();
    this.#lock = null;
  }

  #writeJson(name: keyof typeof files, value: unknown): void {
    writeJson(this.file(name), value);
  }
}

/** What may be there before the record is: left by a stage that was killed so early. */
function isEarly(name: string): boolean {
  return name === files.split || name === files.records || isPassing(name);
}

/** Locks, and files half written. */
function isPassing(name: string): boolean {
  return name.startsWith("lock.") || temporaryFileOwner(name) !== undefined;
}

function entriesOf(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw writeError(path, error);
  }
}
