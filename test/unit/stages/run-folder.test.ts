import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { RunFolder } from "../../../src/stages/index.ts";
import type { MetricLine } from "../../../src/record/index.ts";

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
  });
});
