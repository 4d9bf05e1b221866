import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { digestOf } from "../../../src/data/make-dataset.ts";
import { sealSplit, writeSplit } from "../../../src/record/split.ts";
import type { ForgetConfig, RunRecord } from "../../../src/record/index.ts";
import {
  forgetStage,
  pruneStage,
  quietContext,
  resumeStage,
  RunFolder,
  trainStage,
} from "../../../src/stages/index.ts";
import { openParent } from "../../../src/stages/parent.ts";
import { Interrupted } from "../../../src/train/index.ts";
import { drawFolder, drawImage, folderTraining, removeImage } from "../../support/folder-data.ts";
import { rejectionOf } from "../../support/rejection.ts";
import { stopAfter } from "../../support/stop-after.ts";
import { folderOfRuns, tinyForgetting, tinyPruning } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
const at = (name: string): string => join(runs, name);
const [data, whole, original] = [at("data"), at("whole"), at("original")];
const options = { data: { allowUnverified: false }, device: "cpu" };

const list = (...ids: string[]): ForgetConfig["request"] => {
  const file = at(`ids-${ids.length}.csv`);
  writeFileSync(file, `id\n${ids.join("\n")}\n`);
  return { kind: "ids", file };
};

let count = 0;
/** Forgets in a new folder. */
async function forgetIn(changes: Partial<ForgetConfig>): Promise<{ path: string; record: RunRecord; said: string[] }> {
  const [path, said] = [at(`run-${count++}`), [] as string[]];
  const config = { ...tinyForgetting(original), batchSize: 8, ...changes };
  const record = await forgetStage(config, path, quietContext({ log: (line) => said.push(line) }));
  return { path, record, said };
}

/** What a training image that can be forgotten, one of the validation part and one of the test part are called. */
let trained: string[] = [];
let heldOut = "";

beforeAll(async () => {
  await drawFolder(whole);
  cpSync(whole, data, { recursive: true });
  await trainStage(folderTraining(data), original, quietContext());
  const { loaded, folder } = await openParent(original, options, quietContext());
  const { indices } = folder.readSplit();
  trained = indices.train.map((index) => loaded.dataset.train.ids(index));
  heldOut = loaded.dataset.train.ids(indices.validation[0] ?? -1);
});
beforeEach(() => {
  rmSync(data, { recursive: true });
  cpSync(whole, data, { recursive: true });
});

const shaOf = ({ result }: RunRecord): string | undefined => result?.modelSha256;
const [first, second, third] = [0, 1, 2].map((i) => () => trained[i] ?? "") as [
  () => string,
  () => string,
  () => string,
];

describe("files that come and go", () => {
  it("move no index: the same list forgets the same images, to the same bytes", async () => {
    const before = await forgetIn({ request: list(first()) });
    await drawImage(data, "train/a/000.png", 200);
    await drawImage(data, "train/0-class/1.png", 201);
    await drawImage(data, "test/0-class/1.png", 202);
    const after = await forgetIn({ request: list(first()) });
    expect([shaOf(after.record), after.record.split.hash]).toEqual([shaOf(before.record), before.record.split.hash]);
    expect(after.said).toContain("3 images have come since: left out");
    expect(after.record.data).toEqual(before.record.data);
    expect(readFileSync(join(after.path, "records.json"))).toEqual(readFileSync(join(original, "records.json")));
  });

  it("may be those of what is forgotten, before the request or after it", async () => {
    const request = list(first(), second());
    const whileThere = await forgetIn({ request, method: "retrain", options: {} });
    removeImage(data, first());
    removeImage(data, second());
    const { record, said } = await forgetIn({ request, method: "retrain", options: {} });
    expect([shaOf(record), record.split.hash, record.data.gone]).toEqual([
      shaOf(whileThere.record),
      whileThere.record.split.hash,
      2,
    ]);
    expect(said).toContain("2 of 26 records are gone, all of them forgotten by this run");
    expect(record.data.notes).toContain("2 of 26 records are gone, all of them forgotten by this run");
    const lines: string[] = [];
    await openParent(whileThere.path, options, quietContext({ log: (line) => lines.push(line) }));
    expect(lines).toContain(`2 of 26 records are gone, all of them forgotten by ${whileThere.record.name}`);
  });

  it("are refused where the run needs them, with how many, the first of them, and what to do", async () => {
    removeImage(data, first());
    await drawImage(data, second(), 99);
    await drawImage(data, "test/a/00.png", 98);
    const error = await rejectionOf(forgetIn({ request: list(third()) }));
    expect(error.code).toBe("E_CONFIG");
    expect(error.message).toMatch(
      new RegExp(
        `^${original}: expected the 26 records that it was trained, validated and tested on, got 1 missing and 2 changed \\(`,
      ),
    );
    expect(error.message).toMatch(/train image \d+ of class (0 \(a\)|1 \(b\)) is missing/);
    expect(error.message).toContain(`${second()} is changed`);
    expect(error.message).toContain("test/a/00.png is changed");
    expect(error.hint).toContain(
      "`withMissing: true` takes all of them along, those that changed too: they are forgotten",
    );
    expect((await rejectionOf(pruneStage(tinyPruning(original), at("pruned"), quietContext()))).message).toContain(
      "1 missing",
    );
    expect((await rejectionOf(openParent(original, options, quietContext()))).code).toBe("E_CONFIG");
  });

  it("are taken along where that is asked for; those held out are taken out", async () => {
    removeImage(data, first());
    removeImage(data, heldOut);
    await drawImage(data, "test/a/00.png", 98);
    const { record, path } = await forgetIn({ request: list(third()), withMissing: true });
    expect(record.split).toMatchObject({
      counts: { forget: 2, validation: 3, test: 5 },
      along: { missing: { train: 1, validation: 1, test: 1 } },
      baseHash: RunFolder.open(original).readRecord().split.baseHash,
    });
    expect(record.data.notes).toContain("3 of 26 records are gone, all of them forgotten or left out by this run");
    await expect(openParent(path, options, quietContext())).resolves.toBeDefined();
  });

  it("are not read by a method that reads what it forgets, and it is refused where none is left", async () => {
    removeImage(data, first());
    const { said } = await forgetIn({ request: list(first(), second()), method: "gradient-ascent" });
    expect(said).toContain("gradient-ascent reads 1 of 2 images to forget: the others are gone");
    const error = await rejectionOf(forgetIn({ request: list(first()), method: "gradient-ascent" }));
    expect([error.code, error.message]).toEqual([
      "E_DATA",
      "gradient-ascent: expected images to forget that are still there, got none of 1",
    ]);
  });
});

describe("a run that is resumed", () => {
  it("is refused when an image has changed since, and goes on when new ones have come", async () => {
    const stopped = at("stopped");
    await expect(trainStage(folderTraining(data), stopped, stopAfter(1))).rejects.toBeInstanceOf(Interrupted);
    await drawImage(data, first(), 99);
    const before = readFileSync(join(stopped, "run.json"));
    expect((await rejectionOf(resumeStage(stopped, quietContext()))).message).toBe(
      `${stopped}: expected the 26 records that it was trained, validated and tested on, got 1 changed (${first()} is changed)`,
    );
    expect(readFileSync(join(stopped, "run.json"))).toEqual(before);
    cpSync(whole, data, { recursive: true });
    await drawImage(data, "train/a/000.png", 99);
    const record = await resumeStage(stopped, quietContext());
    expect(shaOf(record)).toBe(shaOf(RunFolder.open(original).readRecord()));
    expect(record.resumedWith).toEqual([{ at: record.resumedAt[0], threads: 1 }]);
  });

  it("is refused when it reads what it forgets, and some of that has gone since", async () => {
    const [path, request] = [at("ascent"), list(first(), second())];
    const config = {
      ...tinyForgetting(original),
      request,
      method: "gradient-ascent",
      options: { epochs: 2 },
      batchSize: 8,
    };
    await expect(forgetStage(config, path, stopAfter(1))).rejects.toBeInstanceOf(Interrupted);
    removeImage(data, first());
    expect((await rejectionOf(resumeStage(path, quietContext()))).message).toBe(
      `${path}: expected 2 of 2 images to forget, as when gradient-ascent began, got 1`,
    );
  });
});

describe("what a run says of its images", () => {
  it("is refused when it was changed", async () => {
    const copy = at("copy");
    cpSync(original, copy, { recursive: true });
    const file = join(copy, "records.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"count":20', '"count":21'));
    expect((await rejectionOf(openParent(copy, options, quietContext()))).message).toMatch(
      /records\.json: expected SHA-256/,
    );
  });

  it("is not needed of a run of an earlier version, whose digest is of resized pixels; what is made of it has a listing", async () => {
    const old = at("old");
    cpSync(original, old, { recursive: true });
    rmSync(join(old, "records.json"));
    const folder = RunFolder.open(old);
    const { loaded } = await openParent(original, options, quietContext());
    const digest = digestOf(loaded.dataset);
    const { recordsSha256: _, parts: _parts, ...kept } = folder.readRecord().data;
    const { baseHash: _base, hash: _hash, ...split } = folder.readSplit();
    const older = sealSplit({ ...split, dataset: { ...split.dataset, digest } });
    writeSplit(folder.file("split"), older);
    const { split: reference, ...rest } = folder.readRecord();
    const { hash, baseHash } = older;
    folder.writeRecord({ ...rest, split: { ...reference, hash, baseHash }, data: { ...kept, digest } });
    const { record, path } = await forgetIn({ model: old, request: list(first()) });
    const made = await forgetIn({ request: list(first()) });
    expect([shaOf(record), record.data.digest, digest === kept.digest]).toEqual([shaOf(made.record), digest, false]);
    removeImage(data, first());
    const again = await openParent(path, options, quietContext());
    expect([again.loaded.dataset.digest, again.loaded.absent?.train.size]).toEqual([digest, 1]);
    expect((await rejectionOf(forgetIn({ model: old, request: list(second()) }))).message).toContain(
      "expected data of digest",
    );
  });
});
