import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import type { MetricLine, RunRecord } from "../../../src/record/index.ts";
import { sealSplit, type SplitContent, writeSplit } from "../../../src/record/split.ts";
import { RunFolder } from "../../../src/stages/run-folder.ts";
import { writeFileAtomic } from "../../../src/util/files.ts";
import { withFailure } from "../../support/failing-files.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { runRecord } from "../report/made-up-records.ts";

vi.mock("node:fs", async (original) => {
  const { failingFiles } = await import("../../support/failing-files.ts");
  return failingFiles(await original());
});

process.setMaxListeners(500); // a killed process keeps its locks
const root = mkdtempSync(join(tmpdir(), "coppice-run-"));
afterAll(() => rmSync(root, { recursive: true }));

const line = (epoch: number): MetricLine => ({
  epoch,
  step: epoch * 10,
  learningRate: 0.1,
  loss: 1,
  accuracy: 0.5,
  seconds: 1,
});

describe("a run folder", () => {
  it("is locked for one at a time", () => {
    using first = RunFolder.create(join(root, "locked"), false);
    writeFileSync(first.file("record"), "{}");
    expect(() => RunFolder.open(first.path).lock()).toThrow(/expected a free folder, got one in use by process/);
  });

  it("drops metrics of epochs that are done again", () => {
    using folder = RunFolder.create(join(root, "metrics"), false);
    expect(folder.readMetrics()).toEqual([]);
    for (const epoch of [1, 2, 3]) folder.appendMetric(line(epoch));
    folder.truncateMetrics(2);
    expect(folder.readMetrics()).toEqual([line(1), line(2)]);
  });

  it("refuses what is not a run", () => {
    expect(() => RunFolder.open(join(root, "nowhere"))).toThrow(/expected a run folder, got no such folder/);
    mkdirSync(join(root, "empty"));
    expect(() => RunFolder.open(join(root, "empty"))).toThrow(/expected a run folder, got a folder without run.json/);
  });

  it("replaces runs only, and only when asked to", () => {
    const path = join(root, "old");
    mkdirSync(path);
    writeFileSync(join(path, "run.json"), "{}");
    expect(() => RunFolder.create(path, false)).toThrow(/expected a folder that is new or empty/);
    writeFileSync(join(path, "thesis.txt"), "mine");
    expect(() => RunFolder.create(path, true)).toThrow(
      /expected a run folder to replace, got one that holds thesis.txt/,
    );
    rmSync(join(path, "thesis.txt"));
    using folder = RunFolder.create(path, true);
    expect(folder.has("record")).toBe(false);
    expect(existsSync(path)).toBe(true);
  });

  it("replaces what a stage has left that was killed before its record was written, when asked to", () => {
    const path = join(root, "killed");
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    mkdirSync(path);
    writeFileSync(join(path, "lock.json"), JSON.stringify({ pid: dead, host: hostname(), started: null }));
    writeFileSync(join(path, "split.json"), "{}");
    writeFileSync(join(path, `.run.json.${dead}.tmp`), "{");
    expect(() => RunFolder.create(path, false)).toThrow(/expected a folder that is new or empty/);
    RunFolder.create(path, true)[Symbol.dispose]();
    expect(readdirSync(path)).toEqual([]);
  });

  it("leaves files alone that have a run's names and no record", () => {
    const path = join(root, "weights");
    mkdirSync(path);
    writeFileSync(join(path, "model.safetensors"), "mine");
    expect(() => RunFolder.create(path, true)).toThrow(/expected a run folder to replace, got one without run.json/);
    expect(readdirSync(path)).toEqual(["model.safetensors"]);
  });

  it("refuses a run that is not finished", () => {
    using folder = RunFolder.create(join(root, "unfinished"), false);
    writeFileSync(folder.file("record"), "{}");
    expect(() => folder.requireFinished()).toThrow(/run.json/);
    const { result: _result, ...others } = record;
    folder.writeRecord(others);
    const error = thrownBy(() => folder.requireFinished());
    expect(error.message).toBe(`${folder.path}: expected a finished run, got one whose record has no result`);
    expect(error.hint).toBe(`${folder.file("record")} was changed: restore it, or make the run again`);
  });

  it("says what is there instead of a folder", () => {
    writeFileSync(join(root, "file"), "");
    expect(() => RunFolder.open(join(root, "file"))).toThrow(/expected a run folder, got a file$/);
  });

  it("is replaced only when everything in it was put there by a stage", () => {
    for (const [name, make] of [
      ["a file of another name", (path: string) => writeFileSync(join(path, "notes.txt"), "")],
      ["a file among the rounds", (path: string) => writeFileSync(join(path, "rounds", "notes.txt"), "")],
      ["a folder named as a file", (path: string) => mkdirSync(join(path, "metrics.jsonl"))],
      [
        "a link in the place of the weights",
        (path: string) => symlinkSync("/etc/hosts", join(path, "model.safetensors")),
      ],
      ["a file in the place of a folder", (path: string) => writeFileSync(join(path, "slices"), "")],
    ] as const) {
      const path = join(root, name);
      mkdirSync(join(path, "rounds", "round-01"), { recursive: true });
      writeFileSync(join(path, "run.json"), "{}");
      writeFileSync(join(path, "rounds", "round-01", "run.json"), "{}");
      expect(() => RunFolder.checkFree(path, true), "own files alone").not.toThrow();
      make(path);
      expect(() => RunFolder.create(path, true), name).toThrow(/expected a run folder to replace, got one that holds/);
      expect(existsSync(join(path, "run.json")), name).toBe(true);
    }
  });
});

const content: SplitContent = {
  format: "coppice-split",
  version: 1,
  dataset: { name: "made-up", digest: "d", numTrain: 4, numTest: 1, numClasses: 2 },
  mode: "standard",
  seed: 1,
  validationFraction: 0,
  scenario: { kind: "none" },
  indices: { train: [0, 1, 2, 3], validation: [], forget: [], retain: [0, 1, 2, 3], test: [0] },
};
const split = sealSplit(content);
const { result: whole, ...others } = runRecord({ kind: "train" });
const record: RunRecord = {
  ...others,
  ...(whole === undefined ? {} : { result: whole }),
  split: { ...others.split, hash: split.hash },
};
const running: RunRecord = { ...others, split: record.split, status: "running" };

describe("files of a finished run", () => {
  it("are checked when they are read", () => {
    using folder = RunFolder.create(join(root, "checked"), false);
    folder.begin({ split, records: "{}" }, running);
    folder.appendMetric(line(1));
    writeFileSync(folder.file("rewind"), "weights");
    const files = folder.hashes();
    folder.writeRecord({ ...record, files });
    expect(Object.keys(files)).toEqual(["metrics.jsonl", "rewind.safetensors"]);
    expect(folder.readMetrics()).toEqual([line(1)]);
    folder.checkFile("rewind.safetensors", { files });
    writeFileSync(folder.file("rewind"), "other");
    folder.appendMetric(line(2));
    expect(() => folder.checkFile("rewind.safetensors", { files })).toThrow(/rewind.safetensors: expected SHA-256/);
    expect(() => folder.readMetrics()).toThrow(/metrics.jsonl: expected SHA-256/);
    expect(() => folder.checkFile("slices/a.safetensors", { files })).toThrow(/expected no such file, got no file/);
    folder.checkFile("rewind.safetensors", {}); // of an earlier version
    writeSplit(folder.file("split"), sealSplit({ ...content, seed: 2 }));
    expect(() => folder.readSplit()).toThrow(/split.json: expected the split of hash .*, which run.json names, got/);
  });
});

/** What a stage does with its folder. */
const work: Record<string, (path: string) => void> = {
  "begins and ends": (path) => {
    using folder = RunFolder.create(path, false);
    folder.begin({ split, records: "{}" }, running);
    folder.truncateMetrics(0);
    folder.appendMetric(line(1));
    folder.appendMetric(line(2));
    writeFileAtomic(folder.file("checkpoint"), "state");
    writeFileAtomic(folder.file("model"), "weights");
    folder.writeRecord({ ...record, files: folder.hashes() });
    folder.removeWorkingFiles();
  },
  "is resumed": (path) => {
    using folder = RunFolder.open(path).lock();
    folder.writeRecord(running);
    folder.truncateMetrics(folder.has("metrics") ? 1 : 0); // what a checkpoint would say
    folder.appendMetric(line(2));
    writeFileAtomic(folder.file("model"), "weights");
    folder.writeRecord({ ...record, files: folder.hashes() });
    folder.removeWorkingFiles();
  },
  "replaces a run": (path) => {
    using folder = RunFolder.create(path, true);
    folder.begin({ split, records: "{}" }, running);
  },
};

/** An interrupted run of an epoch and a half. */
function interrupted(path: string): void {
  using folder = RunFolder.create(path, false);
  folder.begin({ split, records: "{}" }, running);
  folder.appendMetric(line(1));
  folder.appendMetric(line(2));
  writeFileAtomic(folder.file("checkpoint"), "state");
  folder.writeRecord({ ...running, status: "interrupted" });
}

describe.each(Object.keys(work))("a stage that %s", (name) => {
  const act = work[name] ?? ((): void => undefined);
  let count = 0;
  /** A new folder as the stage finds it, and how many calls change something in it. */
  function prepared(): { path: string; calls: number } {
    const fresh = (): string => {
      const path = join(root, `${name}-${count++}`);
      if (name !== "begins and ends") interrupted(path);
      return path;
    };
    const first = fresh();
    const { calls } = withFailure(null, () => act(first));
    return { path: fresh(), calls };
  }
  afterEach(() => vi.restoreAllMocks());

  it("may be killed at any call: what it leaves can be gone on with, replaced, or is nothing", () => {
    const { calls } = prepared();
    expect(calls).toBeGreaterThan(10);
    for (let at = 1; at <= calls; at++) {
      const { path } = prepared();
      expect(withFailure({ at, how: "kill" }, () => act(path)).ended, `killed at ${at} of ${calls}`).toBe(false);
      // The process is this one, but dead.
      vi.spyOn(process, "kill").mockImplementation(() => {
        throw Object.assign(new Error("no such process"), { code: "ESRCH" });
      });
      const folder = RunFolder.holdsRun(path) ? RunFolder.open(path) : null;
      if (folder !== null && name !== "replaces a run") {
        expect(folder.readSplit()).toEqual(split);
        // An epoch that was done stays done.
        if (name === "is resumed") expect(folder.readMetrics()[0]).toEqual(line(1));
        if (folder.readRecord().status !== "finished") work["is resumed"]?.(path);
        expect(folder.readRecord().status).toBe("finished");
        expect(folder.readMetrics().length).toBeGreaterThan(0);
      }
      RunFolder.create(path, true)[Symbol.dispose]();
      expect(readdirSync(path)).toEqual([]);
      vi.restoreAllMocks();
    }
  });

  it("may find the disk full at any call: nothing is locked, and a new folder is not there", () => {
    const { calls } = prepared();
    for (let at = 1; at <= calls; at++) {
      const { path } = prepared();
      const { ended } = withFailure({ at, how: "ENOSPC" }, () => act(path));
      if (existsSync(path)) {
        // A lock that cannot be removed is found dead by the next process; here the process lives.
        rmSync(join(path, "lock.json"), { force: true });
        expect(readdirSync(path).filter((file) => file.startsWith("lock"))).toEqual([]);
        if (name === "begins and ends" && !ended)
          expect(RunFolder.holdsRun(path), `full at ${at} of ${calls}`).toBe(true);
        RunFolder.create(path, true)[Symbol.dispose]();
      }
    }
  });
});
