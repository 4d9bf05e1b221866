import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { resolvePoison } from "../../../src/data/poison/index.ts";
import { loadDataset } from "../../../src/data/registry.ts";
import { makeBaseSplit } from "../../../src/data/split.ts";
import { runRecordSchema, type RunRecord, type TrainConfig } from "../../../src/record/index.ts";
import { DataContext, quietContext, resumeStage, RunFolder, trainStage } from "../../../src/stages/index.ts";
import { freshModel } from "../../../src/stages/model-file.ts";
import { specFor } from "../../../src/stages/train.ts";
import { loadSafetensors } from "../../../src/torch/index.ts";
import { Interrupted } from "../../../src/train/index.ts";
import { rejectionOf } from "../../support/rejection.ts";
import { stopAfter } from "../../support/stop-after.ts";
import { folderOfRuns, tinyData, tinyTraining, trainTiny } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
const at = (name: string): string => join(runs, name);
const original = at("original");
let record: RunRecord;

beforeAll(async () => {
  await trainTiny(original);
  record = RunFolder.open(original).requireFinished();
});

const data = new DataContext();
const train = (name: string, changes: Partial<TrainConfig> = {}): Promise<RunRecord> =>
  trainStage({ ...tinyTraining, ...changes }, at(name), quietContext({ data }));

const tensorsOf = (file: string): Map<string, number[]> =>
  new Map([...loadSafetensors(file).tensors].map(([name, value]) => [name, value.toArray()]));
const lines = (path: string): object[] =>
  RunFolder.open(path)
    .readMetrics()
    .map(({ seconds: _seconds, ...line }) => line);

describe("a finished training", () => {
  it("leaves a record, a split, metrics of each epoch, the model and the weights to rewind to, and nothing else", () => {
    expect(readdirSync(original).toSorted()).toEqual([
      "metrics.jsonl",
      "model.safetensors",
      "records.json",
      "rewind.safetensors",
      "run.json",
      "split.json",
    ]);
    expect(runRecordSchema.safeParse(record).success).toBe(true);
    expect(record).toMatchObject({
      kind: "train",
      name: "original",
      seed: 1,
      config: tinyTraining,
      data: { numTrain: 40 },
    });
    expect(record).not.toHaveProperty("parent");
    expect(record.result).toMatchObject({ epochs: 2, steps: 4 });
    expect(
      RunFolder.open(original)
        .readMetrics()
        .map(({ epoch, step }) => [epoch, step]),
    ).toEqual([
      [1, 2],
      [2, 4],
    ]);
  });

  it("has nothing to forget, and holds out a share of every class", async () => {
    const split = RunFolder.open(original).readSplit();
    expect([split.scenario.kind, split.indices.forget, split.indices.retain]).toEqual([
      "none",
      [],
      split.indices.train,
    ]);
    const { dataset } = await data.load(tinyData, "cpu", () => undefined);
    const heldOut = split.indices.validation.map((index) => dataset.train.labels[index]);
    expect(heldOut.toSorted()).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });

  it("keeps the weights after the rewind epoch: with another one left, those are not the final ones", async () => {
    const rewind = tensorsOf(join(original, "rewind.safetensors"));
    expect(rewind.get("conv1.weight")).not.toEqual(tensorsOf(join(original, "model.safetensors")).get("conv1.weight"));
    await train("rewind-last", { rewindEpoch: 2 });
    expect(tensorsOf(join(at("rewind-last"), "rewind.safetensors"))).toEqual(
      tensorsOf(join(original, "model.safetensors")),
    );
  });

  it("keeps the initial weights where that is what it rewinds to", async () => {
    const recipe = { ...tinyTraining.recipe, epochs: 1 };
    await train("rewind-first", { rewindEpoch: 0, recipe });
    const loaded = await data.load(tinyData, "cpu", () => undefined);
    using initial = freshModel(specFor(tinyTraining, loaded), 1, "cpu");
    const expected = new Map([...initial.stateDict()].map(([name, value]) => [name, value.toArray()]));
    expect(tensorsOf(join(at("rewind-first"), "rewind.safetensors"))).toEqual(expected);
  });

  it("has another model with another seed", async () => {
    const recipe = { ...tinyTraining.recipe, epochs: 1 };
    const shaOf = async (name: string, seed: number): Promise<string | undefined> =>
      (await train(name, { seed, recipe })).result?.modelSha256;
    const first = await shaOf("first", 1);
    expect(await shaOf("same", 1)).toBe(first);
    expect(await shaOf("other", 2)).not.toBe(first);
  });
});

describe("an interrupted training", () => {
  it.each([
    [1, "in the first epoch"],
    [2, "between two epochs"],
    [3, "in the second epoch"],
  ])("after step %d, %s, ends with the same bytes once resumed", async (steps) => {
    const out = at(`stopped-${steps}`);
    await expect(trainStage(tinyTraining, out, stopAfter(steps, { data }))).rejects.toBeInstanceOf(Interrupted);
    const between = RunFolder.open(out).readRecord();
    expect([between.status, existsSync(join(out, "model.safetensors"))]).toEqual(["interrupted", false]);
    const resumed = await resumeStage(out, quietContext({ data }));
    expect([resumed.status, resumed.resumedAt.length]).toEqual(["finished", 1]);
    for (const name of ["model.safetensors", "rewind.safetensors", "split.json"])
      expect(readFileSync(join(out, name)).equals(readFileSync(join(original, name))), name).toBe(true);
    expect(lines(out)).toEqual(lines(original));
    expect(readdirSync(out)).toEqual(readdirSync(original));
  });
});

describe("a training in shards", () => {
  const sharding = { shards: 2, slices: 2 };

  it("gives an ensemble, keeps each slice for later deletions, and ends with the same bytes when resumed", async () => {
    const whole = await train("shards", { sharding });
    expect(whole.model).toMatchObject({ members: 2, numParameters: 2 * record.model.numParameters });
    expect(readdirSync(at("shards"))).toContain("slices");
    expect(readdirSync(join(at("shards"), "slices"))).toHaveLength(4);
    expect(existsSync(join(at("shards"), "rewind.safetensors"))).toBe(false);
    const out = at("shards-stopped");
    await expect(trainStage({ ...tinyTraining, sharding }, out, stopAfter(3, { data }))).rejects.toBeInstanceOf(
      Interrupted,
    );
    const resumed = await resumeStage(out, quietContext({ data }));
    expect(resumed.result?.modelSha256).toBe(whole.result?.modelSha256);
    expect(resumed.model).toEqual(whole.model);
  });
});

describe("a training on poisoned data", () => {
  it("takes the split that they come with, and refuses another one", async () => {
    const clean = await loadDataset("embedded", { numTrain: 40, numTest: 20, classes: [0, 1, 2, 3] });
    const split = { mode: "standard", validationFraction: 0.2 } as const;
    const request = { attack: "badnets", options: {}, target: 0, ratio: 0.25, seed: 1, split: { ...split, seed: 9 } };
    const poisoned = { ...tinyData, poison: resolvePoison(clean, request) };
    const recipe = { ...tinyTraining.recipe, epochs: 1 };
    const run = await train("poisoned", { data: poisoned, split, recipe });
    const { indices } = RunFolder.open(at("poisoned")).readSplit();
    expect(indices.validation).toEqual(makeBaseSplit(clean, { seed: 9, ...split }).indices.validation);
    expect(run.data.notes).toEqual([expect.stringMatching(/^training images poisoned: /)]);
    const other = { mode: "standard", validationFraction: 0.1 } as const;
    expect(await rejectionOf(train("another", { data: poisoned, split: other }))).toMatchObject({
      code: "E_CONFIG",
      message: "split: expected that of the poisoned data, mode standard with 0.2 held out, got mode standard with 0.1",
    });
    expect(existsSync(at("another"))).toBe(false);
  });
});

describe("what cannot be trained", () => {
  it.each<[string, object, string]>([
    ["a seed below 0", { seed: -1 }, "E_ARG"],
    ["an unknown architecture", { arch: "resnet19" }, "E_ARG"],
    ["an unknown data set", { data: { ...tinyData, name: "cifar11" } }, "E_ARG"],
    ["a class that there is none of", { data: { ...tinyData, classes: [0, 99] } }, "E_ARG"],
    ["more slices than images", { sharding: { shards: 20, slices: 2 } }, "E_ARG"],
    ["too much held out", { split: { mode: "standard", validationFraction: 0.999 } }, "E_ARG"],
  ])("is refused before anything is written: %s", async (name, change, code) => {
    expect((await rejectionOf(train(name, change))).code).toBe(code);
    expect(existsSync(at(name))).toBe(false);
  });

  it("is a run into a folder that holds another, unless it shall be replaced; and never one of other files", async () => {
    const recipe = { ...tinyTraining.recipe, epochs: 1 };
    await train("replaced", { recipe });
    expect((await rejectionOf(train("replaced", { recipe, seed: 2 }))).message).toMatch(
      /expected a folder that is new or empty/,
    );
    expect(RunFolder.open(at("replaced")).readRecord().seed).toBe(1);
    const force = quietContext({ data, force: true });
    await trainStage({ ...tinyTraining, recipe, seed: 2 }, at("replaced"), force);
    expect(RunFolder.open(at("replaced")).requireFinished().seed).toBe(2);
    mkdirSync(at("thesis"));
    writeFileSync(join(at("thesis"), "thesis.txt"), "mine");
    expect((await rejectionOf(trainStage(tinyTraining, at("thesis"), force))).hint).toMatch(/never other files/);
    expect(readdirSync(at("thesis"))).toEqual(["thesis.txt"]);
  });

  it("is a run in a folder where another process is at work", async () => {
    const recipe = { ...tinyTraining.recipe, epochs: 1 };
    await train("busy", { recipe });
    const holder = { pid: process.ppid, host: hostname(), started: null };
    writeFileSync(join(at("busy"), "lock.json"), JSON.stringify(holder));
    const before = readdirSync(at("busy"));
    const refused = trainStage({ ...tinyTraining, recipe }, at("busy"), quietContext({ data, force: true }));
    expect(await rejectionOf(refused)).toMatchObject({
      code: "E_CHECKPOINT",
      message: `${at("busy")}: expected a free folder, got one in use by process ${process.ppid} on ${hostname()}`,
    });
    expect(readdirSync(at("busy"))).toEqual(before);
  });
});

it.each([
  ["metrics.jsonl", "the epoch done so far"],
  ["rewind.safetensors", "the weights to rewind to"],
])("does not go on where %s is gone, which cannot be made again", async (file, expected) => {
  const name = `without-${file}`;
  const stopped = trainStage(
    { ...tinyTraining, recipe: { ...tinyTraining.recipe, epochs: 2 }, rewindEpoch: 1 },
    at(name),
    stopAfter(Math.ceil(record.split.counts.train / tinyTraining.recipe.batchSize) + 1, { data }),
  );
  await expect(stopped).rejects.toThrow(Interrupted);
  rmSync(join(at(name), file));
  expect(await rejectionOf(resumeStage(at(name), quietContext({ data })))).toMatchObject({
    code: "E_CHECKPOINT",
    message: `${join(at(name), file)}: expected ${expected}, got no file`,
  });
});

it("builds the network of a training from its settings and the data", async () => {
  const loaded = await data.load(tinyData, "cpu", () => undefined);
  const { mean, std } = loaded.dataset;
  expect(specFor({ ...tinyTraining, stem: "imagenet" }, loaded)).toEqual({
    arch: "resnet20s",
    numClasses: 4,
    inChannels: 3,
    imageSize: 32,
    stem: "imagenet",
    normalize: { mean, std },
  });
});
