import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readForgetList } from "../../../src/data/forget-list/index.ts";
import { defineDetector, type DetectorContext } from "../../../src/detect/index.ts";
import { registries } from "../../../src/plugins/index.ts";
import type { DetectConfig } from "../../../src/record/index.ts";
import { detectorOptions } from "../../../src/stages/detect.ts";
import { DataContext, type Detected, detectStage, quietContext, RunFolder } from "../../../src/stages/index.ts";
import { parseCsv } from "../../../src/util/csv.ts";
import { rejectionOf } from "../../support/rejection.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { folderOfRuns, tinyData, trainTiny } from "../../support/tiny-runs.ts";
import { poisonedOf, tinyPoison, trainTrojaned } from "../../support/tiny-trojan.ts";

const runs = folderOfRuns();
const at = (name: string): string => join(runs, name);
const trojaned = at("trojaned");
const context = quietContext({ data: new DataContext() });
const config: DetectConfig = {
  model: trojaned,
  detector: "spectral-signatures",
  options: { share: 0.25 },
  data: { allowUnverified: false },
  seed: 1,
  device: "cpu",
};
const detect = (file: string, changes: Partial<DetectConfig> = {}, changed: object = {}): Promise<Detected> =>
  detectStage({ ...config, ...changes }, at(file), { ...context, ...changed });

/** Positions of the images it suspects, with their scores; notes what it is given. */
let given: DetectorContext | undefined;
let found: { suspects: number[]; scores: number[] } = { suspects: [], scores: [] };
const rigged = defineDetector<{ depth: number }>({
  name: "rigged",
  title: "Rigged",
  description: "finds what a test says",
  source: "a test",
  cost: "nothing",
  options: { depth: { type: "integer", default: 3, min: 1, description: "unused", source: "a test" } },
  run: async (seen) => {
    given = seen;
    return await Promise.resolve(found);
  },
});

beforeAll(async () => {
  registries.detector.add(rigged as never);
  await trainTrojaned(trojaned);
});

const rowsOf = (file: string): string[][] =>
  readFileSync(at(file), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));

describe("the list of suspects", () => {
  it("names images that were trained on, the most suspicious first, and how many the truth confirms", async () => {
    const detected = await detect("suspects.csv");
    const [header, ...rows] = rowsOf("suspects.csv");
    expect(header).toEqual(["id", "class", "score"]);
    const { dataset } = await context.data.load({ ...tinyData, poison: await tinyPoison() }, "cpu", () => undefined);
    const { train } = RunFolder.open(trojaned).readSplit().indices;
    const indexOf = new Map(train.map((index) => [dataset.train.ids(index), index]));
    const indices = rows.map(([id = ""]) => indexOf.get(id) ?? expect.fail(`${id} was not trained on`));
    expect(new Set(indices).size).toBe(rows.length);
    // As many as the detector's share of each class, under the labels that the images came with.
    expect(detected).toMatchObject({ suspects: rows.length, train: 32 });
    for (const [i, [, name]] of rows.entries())
      expect(name).toBe(dataset.classNames[dataset.train.labels[indices[i] ?? 0] ?? 0]);
    const scores = rows.map(([, , score]) => Number(score));
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    const poisoned = new Set(await poisonedOf(trojaned));
    const right = indices.filter((index) => poisoned.has(index)).length;
    expect(detected.truth).toMatchObject({
      poisoned: 8,
      found: right,
      precision: { value: right / rows.length },
      recall: { value: right / 8 },
    });
  });

  it("can be read as a list of what to forget", async () => {
    await detect("readable.csv");
    const { dataset } = await context.data.load({ ...tinyData, poison: await tinyPoison() }, "cpu", () => undefined);
    const list = readForgetList(
      { kind: "ids", file: at("readable.csv") },
      { base: RunFolder.open(trojaned).readSplit(), dataset },
    );
    expect(list.train).toHaveLength(rowsOf("readable.csv").length - 1);
  });

  it("has equal suspects in the order of the data, and quotes the names of classes", async () => {
    found = { suspects: [2, 5, 9], scores: Array.from({ length: 32 }, (_, i) => (i === 9 ? 2 : 1)) };
    const data = new DataContext();
    const load = data.load.bind(data);
    data.load = async (...args) => {
      const loaded = await load(...args);
      return { ...loaded, dataset: { ...loaded.dataset, classNames: ['12" disc', '"b", c', 'd"', '"e'] } };
    };
    await detect("ties.csv", { detector: "rigged", options: {} }, { data });
    const { dataset } = await load({ ...tinyData, poison: await tinyPoison() }, "cpu", () => undefined);
    const { train } = RunFolder.open(trojaned).readSplit().indices;
    const text = readFileSync(at("ties.csv"), "utf8");
    const ids = text
      .split("\n")
      .slice(1, 4)
      .map((line) => line.split(",")[0]);
    expect(ids).toEqual([9, 2, 5].map((position) => dataset.train.ids(train[position] ?? 0)));
    const names = ['12"" disc', '""b"", c', 'd""', '""e'];
    for (const [i, position] of [9, 2, 5].entries()) {
      const name = names[dataset.train.labels[train[position] ?? 0] ?? 0];
      expect(text.split("\n")[i + 1]).toBe(`${ids[i]},"${name}",${i === 0 ? "2.00000" : "1.00000"}`);
    }
    expect(parseCsv(text, "ties.csv")).toHaveLength(4);
  });

  it("follows from the seed", async () => {
    const strip = { detector: "strip", options: { overlays: 2, falseAlarms: 0.5 } };
    for (const [file, seed] of [
      ["one.csv", 1],
      ["same.csv", 1],
      ["other.csv", 2],
    ] as const)
      await detect(file, { ...strip, seed });
    expect(readFileSync(at("same.csv"))).toEqual(readFileSync(at("one.csv")));
    expect(readFileSync(at("other.csv"))).not.toEqual(readFileSync(at("one.csv")));
  });

  it("is compared with no truth where the model has none", async () => {
    const clean = await trainTiny(at("clean"));
    expect(await detect("clean.csv", { model: clean })).not.toHaveProperty("truth");
  });
});

describe("a detector", () => {
  it("is given the model, what it was trained on and what was held out, and nothing that tells the truth", async () => {
    found = { suspects: [0], scores: Array(32).fill(1) };
    await detect("given.csv", { detector: "rigged", options: {} });
    expect(given?.model.training).toBe(false);
    expect([given?.train.count, given?.heldOut().count]).toEqual([32, 8]);
    expect(Object.keys(given ?? {}).toSorted()).toEqual(["generator", "heldOut", "log", "model", "train"]);
  });

  it("that finds no suspects leaves no file", async () => {
    found = { suspects: [], scores: Array(32).fill(0) };
    const error = await rejectionOf(detect("none.csv", { detector: "rigged", options: {} }));
    expect([error.code, error.message]).toEqual(["E_DATA", "rigged: expected suspicious images among 32, got none"]);
    expect(existsSync(at("none.csv"))).toBe(false);
  });

  it("gets all of its options, and refuses those that it does not have", () => {
    expect(detectorOptions({ detector: "rigged", options: {} })).toEqual({ depth: 3 });
    expect(detectorOptions({ detector: "rigged", options: { depth: 5 } })).toEqual({ depth: 5 });
    expect(thrownBy(() => detectorOptions({ detector: "rigged", options: { deph: 5 } })).message).toMatch(/deph/);
    expect(thrownBy(() => detectorOptions({ detector: "rigged", options: { depth: 0 } })).code).toBe("E_ARG");
    expect(thrownBy(() => detectorOptions({ detector: "strop", options: {} })).hint).toBe("did you mean strip?");
  });
});

describe("a file that is there already", () => {
  it("is left as it is, unless it shall be replaced", async () => {
    writeFileSync(at("mine.csv"), "mine");
    const error = await rejectionOf(detect("mine.csv"));
    expect([error.code, error.message]).toEqual([
      "E_CONFIG",
      `${at("mine.csv")}: expected a file that is not there yet, got one that is`,
    ]);
    expect((await rejectionOf(detect("mine.csv", {}, { force: true }))).message).toBe(
      `${at("mine.csv")}: expected a list of suspects to replace, got a file that Coppice did not write`,
    );
    expect(readFileSync(at("mine.csv"), "utf8")).toBe("mine");
    writeFileSync(at("mine.csv"), "id,class,score\n");
    await detect("mine.csv", {}, { force: true });
    expect(rowsOf("mine.csv").length).toBeGreaterThan(1);
  });
});

it("refuses a run that is not there before it looks for a file to write", async () => {
  expect((await rejectionOf(detect("nowhere.csv", { model: at("nowhere") }))).code).toBe("E_CHECKPOINT");
  expect((await rejectionOf(detect("nowhere.csv", { detector: "" }))).code).toBe("E_ARG");
  expect(existsSync(at("nowhere.csv"))).toBe(false);
});
