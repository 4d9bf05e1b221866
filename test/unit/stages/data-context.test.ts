import { afterEach, describe, expect, it, vi } from "vitest";
import { poisonTruth, resolvePoison } from "../../../src/data/poison/index.ts";
import { makeBaseSplit } from "../../../src/data/split.ts";
import { defineDataset } from "../../../src/data/dataset-definition.ts";
import type { LoadProgress } from "../../../src/data/dataset.ts";
import { listingOf } from "../../../src/data/listing.ts";
import { datasetRegistry, loadDataset } from "../../../src/data/registry.ts";
import {
  dataRecord,
  type KnownImages,
  type LoadedData,
  part,
  presentForget,
  testPart,
} from "../../../src/stages/data-context.ts";
import { DataContext } from "../../../src/stages/index.ts";
import { Interrupted } from "../../../src/train/index.ts";
import { arange, liveTensors, scope } from "../../../src/torch/index.ts";
import { rejectionOf } from "../../support/rejection.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { drawFolder, drawImage } from "../../support/folder-data.ts";
import { folderOfRuns, tinyData } from "../../support/tiny-runs.ts";

const context = new DataContext();
afterEach(() => context.dispose());
const log = vi.fn<(message: string) => void>();

const load = (changes: object = {}): ReturnType<DataContext["load"]> =>
  context.load({ ...tinyData, ...changes }, "cpu", log);
const request = {
  attack: "badnets",
  options: {},
  target: 1,
  ratio: 0.25,
  seed: 1,
  split: { mode: "standard", validationFraction: 0.2, seed: 1 },
} as const;

describe("DataContext", () => {
  it("gives the same data again, whatever order the settings come in", async () => {
    const first = await load();
    const reversed = Object.fromEntries(Object.entries(tinyData).toReversed()) as typeof tinyData;
    expect(await context.load(reversed, "cpu", log)).toBe(first);
    expect(await load({ numTrain: 39 })).not.toBe(first);
  });

  it("keeps one data set in memory: the one before is freed, and all of it in the end", async () => {
    const before = liveTensors();
    await load();
    const held = liveTensors() - before;
    expect(held).toBeGreaterThan(0);
    await load({ seed: 1 });
    expect(liveTensors() - before).toBe(held);
    context.dispose();
    context.dispose();
    expect(liveTensors()).toBe(before);
  });

  it("loads again what was freed", async () => {
    const first = await load();
    context.dispose();
    const second = await load();
    expect(second).not.toBe(first);
    expect(second.dataset.digest).toBe(first.dataset.digest);
    expect(second.train.images.shape).toEqual([40, 3, 32, 32]);
  });

  it("says how far reading is, and stops when asked", async () => {
    const slow = defineDataset({
      name: "slow-images",
      title: "Slow images",
      description: "stops in the middle",
      find: () => "made",
      load: async ({ onProgress, signal }) => {
        onProgress?.({ what: "reading images", done: 1, total: 2, secondsLeft: 3 });
        signal?.throwIfAborted();
        return await loadDataset("embedded", { numTrain: 40, numTest: 20 });
      },
    });
    datasetRegistry.resolve(slow);
    const stop = new AbortController();
    const onProgress = vi.fn<(progress: LoadProgress) => void>();
    const watched = new DataContext({ onProgress, signal: stop.signal });
    const config = { name: "slow-images", allowUnverified: false };
    expect((await watched.load(config, "cpu", log)).dataset.train.count).toBe(40);
    expect(onProgress).toHaveBeenCalledWith({ what: "reading images", done: 1, total: 2, secondsLeft: 3 });
    watched.dispose();
    stop.abort();
    await expect(watched.load(config, "cpu", log)).rejects.toThrow(Interrupted);
  });

  it("refuses data that there are none of, and can load others afterwards", async () => {
    await load();
    expect(await rejectionOf(context.load({ name: "nowhere", allowUnverified: false }, "cpu", log))).toMatchObject({
      code: "E_ARG",
      message: expect.stringContaining('got "nowhere"'),
    });
    const { dataset } = await load();
    expect(dataset.name).toBe("embedded");
  });

  it("poisons the images to train on, and no image held out or to test on", async () => {
    const clean = await loadDataset("embedded", { numTrain: 40, numTest: 20, classes: [0, 1, 2, 3] });
    const poison = resolvePoison(clean, request);
    const { dataset, split } = await load({ poison });
    expect(split?.indices.train.length).toBe(32);
    const { poisoned } = poisonTruth(split?.indices.train ?? [], poison);
    const size = clean.train.images.length / clean.train.count;
    const changed = [...clean.train.labels.keys()].filter(
      (index) =>
        Buffer.compare(
          dataset.train.images.subarray(index * size, (index + 1) * size),
          clean.train.images.subarray(index * size, (index + 1) * size),
        ) !== 0,
    );
    expect(changed).toEqual(poisoned);
    expect(poisoned).toHaveLength(8);
    for (const index of poisoned) expect(dataset.train.labels[index]).toBe(1);
    expect(split?.indices.validation.filter((index) => changed.includes(index))).toEqual([]);
    expect(dataset.test.images).toEqual(clean.test.images);
    expect((await load()).split).toBeUndefined();
  });

  it("refuses to poison other data than the attack was drawn for", async () => {
    const poison = resolvePoison(
      await loadDataset("embedded", { numTrain: 40, numTest: 20, classes: [0, 1, 2, 3] }),
      request,
    );
    expect(await rejectionOf(load({ poison, numTrain: 44 }))).toMatchObject({ code: "E_CONFIG" });
  });
});

describe("data for a run", () => {
  const folder = folderOfRuns();
  const config = { name: "folder", allowUnverified: false, folder, resolution: 8 };
  const forRun = (known?: KnownImages, changes: object = {}): Promise<LoadedData> =>
    context.load({ ...config, ...changes }, "cpu", log, known);

  it("are loaded once where nothing has changed, whatever the run's salt", async () => {
    await drawFolder(folder);
    const { dataset, listed } = await forRun();
    for (const seed of [1, 2]) {
      const known = { listing: listingOf(listed ?? expect.fail(), seed), classNames: dataset.classNames };
      expect(await forRun(known)).toBe(await forRun());
      context.dispose();
      const again = await forRun(known);
      expect([again.dataset.train.images, again.absent, again.added]).toEqual([dataset.train.images, undefined, 0]);
    }
  });

  it("are the images of the run, of its first ones and classes too, wherever new ones have come", async () => {
    await drawFolder(folder);
    const chosen = { numTrain: 5, classes: ["b", "a"] };
    const { dataset, listed } = await forRun(undefined, chosen);
    const known = { listing: listingOf(listed ?? expect.fail(), 1), classNames: dataset.classNames };
    await drawImage(folder, "train/a/000.png", 77);
    await drawImage(folder, "train/0/1.png", 78);
    await drawImage(folder, "test/0/1.png", 79);
    context.dispose();
    const aligned = await forRun(known, chosen);
    expect([aligned.dataset.classNames, aligned.dataset.train.count]).toEqual([["b", "a"], 5]);
    expect([...aligned.dataset.train.labels, ...aligned.dataset.train.images]).toEqual([
      ...dataset.train.labels,
      ...dataset.train.images,
    ]);
    expect([aligned.absent?.train.size ?? 0, aligned.train.images.shape]).toEqual([0, [5, 3, 8, 8]]);
    expect(await forRun(known, chosen)).toBe(aligned);
    expect((await forRun()).dataset.train.count).toBe(22);
  });

  it("refuse to give pixels of images that are gone, but for those to forget, of which the others are given", async () => {
    const loaded = await load();
    const split = makeBaseSplit(loaded.dataset, { seed: 1, validationFraction: 0 });
    const gone = { ...loaded, absent: { train: new Map([[3, "missing" as const]]), test: new Map() } };
    expect(thrownBy(() => part(gone, split, "train"))).toMatchObject({
      code: "E_DATA",
      message: "train part of the split: expected images that are there, got 1 of 40 that are gone",
    });
    const forgetting = { ...split, indices: { ...split.indices, forget: [2, 3, 4] } };
    expect([part(gone, forgetting, "forget").count, presentForget(gone, forgetting)]).toEqual([2, [2, 4]]);
    expect(testPart(gone, split).count).toBe(20);
  });
});

describe("what a record says of data", () => {
  it("is what they are and where they come from", async () => {
    const loaded = await load();
    expect(dataRecord(loaded)).toEqual({
      name: "embedded",
      digest: loaded.dataset.digest,
      verified: true,
      source: loaded.dataset.source,
      notes: [],
      numTrain: 40,
      numTest: 20,
      classNames: ["disc", "ring", "crescent", "heart"],
    });
  });

  it("warns of data that are not the published ones", async () => {
    const loaded = await load();
    const provenance = "data_batch_1.bin is not the published file";
    const notes = ["train: no images of class 1 (ring)"];
    const record = dataRecord({ ...loaded, dataset: { ...loaded.dataset, verified: false, provenance, notes } });
    expect([record.verified, record.notes]).toEqual([false, [provenance, ...notes]]);
  });
});

describe("a part of the data", () => {
  it("has the split's images in the split's order", async () => {
    const loaded = await load();
    const split = makeBaseSplit(loaded.dataset, { seed: 1, validationFraction: 0.2 });
    const { train, validation, test } = split.indices;
    const labels = (indices: readonly number[]): number[] =>
      indices.map((index) => loaded.dataset.train.labels[index] ?? -1);
    scope(() => {
      for (const [name, indices] of [
        ["train", train],
        ["validation", validation],
        ["retain", train],
      ] as const) {
        const images = part(loaded, split, name);
        expect(images.count).toBe(indices.length);
        expect(images.take(arange(0, images.count), null).labels.toArray(), name).toEqual(labels(indices));
      }
    });
    expect(testPart(loaded, split).count).toBe(test.length);
  });

  it("is refused where the split has none", async () => {
    const loaded = await load();
    const split = makeBaseSplit(loaded.dataset, { seed: 1, validationFraction: 0 });
    for (const name of ["validation", "forget", "withheld"] as const) {
      expect(thrownBy(() => part(loaded, split, name)).message).toBe(
        `${name} part of the split: expected at least one image, got none`,
      );
    }
  });
});
