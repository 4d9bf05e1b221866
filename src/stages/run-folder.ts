/** A run: a folder of plain files that can be read, compared and copied without us. */
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type MetricLine, parseMetricLines, parseRunRecord, type RunRecord } from "../record/index.ts";
import { readSplit, type SplitManifest, writeSplit } from "../record/split.ts";
import { CoppiceError } from "../util/errors.ts";
import { appendLine, makeFolder, readText, removeFolders, writeFileAtomic, writeJson } from "../util/files.ts";
import { hashFileSync } from "../util/hash.ts";
import { jsonText } from "../util/json-text.ts";
import { type FolderLock, lockFolder } from "../util/lock.ts";
import { checkApart, type Reads } from "./output.ts";
import { checkRecorded } from "./recorded-settings.ts";
import { foreignIn, hashesIn, isPassing, namesIn, ownNames, type RunFile, runFiles, runFolders } from "./run-files.ts";

/** The record of a run that is finished. */
export type FinishedRecord = RunRecord & { readonly result: NonNullable<RunRecord["result"]> };

export class RunFolder implements Disposable {
  readonly path: string;
  readonly name: string;
  #lock: FolderLock | null = null;
  /** Folders that were made for it, while it has no record. */
  #made: readonly string[] = [];

  private constructor(path: string) {
    this.path = resolve(path);
    this.name = basename(this.path);
  }

  /**
   * Refuses a folder that holds anything, or lies within or around what is read, so that a long stage need not run to find out.
   * @throws CoppiceError E_CONFIG
   */
  static checkFree(path: string, force: boolean, reads: Reads = []): void {
    checkApart(path, reads);
    const names = namesIn(path).filter((name) => !isPassing(name));
    if (names.length === 0) return;
    if (!force) {
      throw new CoppiceError(
        "E_CONFIG",
        `${path}: expected a folder that is new or empty, got one with ${names.length} entries`,
        { hint: "choose another folder with --out, or replace the run in it with --force" },
      );
    }
    const foreign = foreignIn(path);
    if (foreign.length > 0 || !(names.includes(runFiles.record) || names.every(isEarly))) {
      const got = foreign.length > 0 ? `one that holds ${foreign.join(", ")}` : "one without run.json";
      throw new CoppiceError("E_CONFIG", `${path}: expected a run folder to replace, got ${got}`, {
        hint: "--force replaces runs only, never other files: choose another folder with --out",
      });
    }
  }

  /** A new run in `path`, locked for this process. With `force` an earlier run there is removed, or what a kill has left of one. */
  static create(path: string, force: boolean, reads: Reads = []): RunFolder {
    RunFolder.checkFree(path, force, reads);
    const made = makeFolder(path);
    const folder = new RunFolder(path);
    try {
      folder.lock();
      RunFolder.checkFree(path, force, reads); // another process may have made a run there before the lock
      for (const name of ownNames) rmSync(join(folder.path, name), { force: true, recursive: true });
    } catch (error) {
      folder[Symbol.dispose]();
      removeFolders(made);
      throw error;
    }
    folder.#made = made;
    return folder;
  }

  /** Whether a run was begun in `path`, so far that its record was written. */
  static holdsRun(path: string): boolean {
    return existsSync(join(path, runFiles.record));
  }

  /** @throws CoppiceError E_CHECKPOINT when `path` is no run folder. */
  static open(path: string): RunFolder {
    if (!RunFolder.holdsRun(path)) {
      throw new CoppiceError("E_CHECKPOINT", `${path}: expected a run folder, got ${whatIsThere(path)}`, {
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

  file(name: RunFile): string {
    return join(this.path, runFiles[name]);
  }

  folder(name: keyof typeof runFolders): string {
    return join(this.path, runFolders[name]);
  }

  has(name: RunFile): boolean {
    return existsSync(this.file(name));
  }

  /** Writes what a new run begins with, `records` being the text of its listing; where that cannot be done, what this call and `create` have made is removed. */
  begin(
    { split, records }: { readonly split: SplitManifest; readonly records?: string | undefined },
    record: RunRecord,
  ): void {
    try {
      writeSplit(this.file("split"), split);
      if (records !== undefined) writeFileAtomic(this.file("records"), records);
      this.writeRecord(record);
    } catch (error) {
      for (const name of ["split", "records"] as const) rmSync(this.file(name), { force: true });
      this[Symbol.dispose]();
      removeFolders(this.#made);
      throw error;
    }
  }

  readRecord(): RunRecord {
    const path = this.file("record");
    return parseRunRecord(readText(path, "E_CHECKPOINT"), path);
  }

  writeRecord(record: RunRecord): void {
    writeJson(this.file("record"), record);
  }

  /** @throws CoppiceError E_CHECKPOINT when it was changed, or is of another run */
  readSplit(): SplitManifest {
    const split = readSplit(this.file("split"));
    const expected = this.readRecord().split.hash;
    if (split.hash === expected) return split;
    throw changed(this.file("split"), `the split of hash ${expected}, which run.json names`, split.hash);
  }

  /** Epochs so far, oldest first; empty before the first. */
  readMetrics(): MetricLine[] {
    if (!this.has("metrics")) return [];
    if (this.has("record")) this.checkFile(runFiles.metrics, this.readRecord());
    return parseMetricLines(readFileSync(this.file("metrics"), "utf8"), this.file("metrics"));
  }

  appendMetric(line: MetricLine): void {
    appendLine(this.file("metrics"), jsonText(line));
  }

  /**
   * Drops epochs beyond `epochs`, and a line that was cut off: a resumed run does them again.
   * @throws CoppiceError E_CHECKPOINT when epochs were done and there is no file of them
   */
  truncateMetrics(epochs: number): void {
    if (!this.has("metrics")) {
      if (epochs === 0) return;
      throw changed(this.file("metrics"), `the ${epochs === 1 ? "epoch" : `${epochs} epochs`} done so far`, "no file");
    }
    const kept = this.readMetrics().filter((line) => line.epoch <= epochs);
    const text = kept.map((line) => `${JSON.stringify(line)}\n`).join("");
    if (text !== readFileSync(this.file("metrics"), "utf8")) writeFileAtomic(this.file("metrics"), text);
  }

  /** Of all that a later stage may read beside the model. */
  hashes(): Record<string, string> {
    return hashesIn(this.path);
  }

  /**
   * That a file is the one that the run has left; of a run whose record has no hashes, made by an earlier version, any is taken.
   * @param name its path in the folder
   * @throws CoppiceError E_CHECKPOINT when it was changed, is gone, or was put there later
   */
  checkFile(name: string, { files }: Pick<RunRecord, "files">): void {
    if (files === undefined) return;
    const path = join(this.path, name);
    const got = existsSync(path) ? hashFileSync(path) : "no file";
    const expected = files[name];
    if (got !== expected) throw changed(path, expected === undefined ? "no such file" : `SHA-256 ${expected}`, got);
  }

  /**
   * The record of a finished run, after checking that its weights are those that were recorded, and its settings those of its model.
   * @throws CoppiceError E_CHECKPOINT when it is not finished, or a file was changed.
   */
  requireFinished(): FinishedRecord {
    const record = this.readRecord();
    const { result, status } = record;
    if (status !== "finished" || result === undefined) throw this.#unfinished(record);
    checkRecorded(record, this.file("record"));
    const got = this.has("model") ? hashFileSync(this.file("model")) : "no file";
    if (got !== result.modelSha256) throw changed(this.file("model"), `SHA-256 ${result.modelSha256}`, got);
    this.#tidy();
    return { ...record, result };
  }

  /** Removes what only a run under way needs: left where its process was killed between its last two steps. */
  removeWorkingFiles(): void {
    rmSync(this.file("checkpoint"), { force: true });
    rmSync(this.folder("snapshots"), { force: true, recursive: true });
  }

  [Symbol.dispose](): void {
    this.#lock?.release();
    this.#lock = null;
  }

  /** A reader may have no right to write, and another process may be at it: then it stays. */
  #tidy(): void {
    const left = namesIn(this.path).some(
      (name) => isPassing(name) || name === runFiles.checkpoint || name === runFolders.snapshots,
    );
    if (!left || this.#lock !== null) return;
    try {
      using _lock = lockFolder(this.path);
      this.removeWorkingFiles();
    } catch (error) {
      if (!(error instanceof CoppiceError)) throw error;
    }
  }

  #unfinished({ status }: RunRecord): CoppiceError {
    const got = status === "finished" ? "one whose record has no result" : `one that is ${status}`;
    const hints: Partial<Record<RunRecord["status"], string>> = {
      finished: `${this.file("record")} was changed: restore it, or make the run again`,
      failed: "run the stage again",
    };
    return new CoppiceError("E_CHECKPOINT", `${this.path}: expected a finished run, got ${got}`, {
      hint: hints[status] ?? `go on with \`coppice resume ${this.path}\``,
    });
  }
}

function changed(path: string, expected: string, got: string): CoppiceError {
  return new CoppiceError("E_CHECKPOINT", `${path}: expected ${expected}, got ${got}`, {
    hint: "the file was changed or damaged after the run: restore it, or run the stage again",
  });
}

/** What may be there before the record is: left by a stage that was killed so early. */
function isEarly(name: string): boolean {
  return name === runFiles.split || name === runFiles.records || isPassing(name);
}

function whatIsThere(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return "no such folder";
  return stats.isDirectory() ? "a folder without run.json" : "a file";
}
