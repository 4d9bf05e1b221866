import { describe, expect, it } from "vitest";
import { digestOf } from "../../../../src/data/make-dataset.ts";
import { generateEmbedded } from "../../../../src/data/embedded.ts";
import {
  poisonDataset,
  type PoisonRequest,
  poisonTruth,
  resolvePoison,
  triggeredTest,
} from "../../../../src/data/poison/poison.ts";
import { makeBaseSplit } from "../../../../src/data/split.ts";
import { RandomState } from "../../../../src/util/random-state.ts";
import { badnets } from "../../../../src/data/poison/badnets.ts";
import { triggered } from "../../../support/poison-setting.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

const clean = generateEmbedded({ numTrain: 200, numTest: 20 });
const split = { mode: "standard", validationFraction: 0.1, seed: 3 } as const;
const request: PoisonRequest = { attack: "badnets", options: {}, target: "ring", ratio: 0.1, seed: 5, split };
const settings = resolvePoison(clean, request);
const { train } = makeBaseSplit(clean, split).indices;
const imageOf = (set: { images: Uint8Array }, index: number): Uint8Array =>
  set.images.subarray(index * 3072, (index + 1) * 3072);

describe("a poisoned data set", () => {
  const { dataset, split: manifest } = poisonDataset(clean, settings);
  const { poisoned, decoys } = poisonTruth(train, settings);

  it("has the trigger and the target's label on that share of the images to train on, and on nothing else", () => {
    expect([poisoned.length, decoys.length]).toEqual([18, 0]);
    for (let index = 0; index < 200; index++) {
      const [before, after] = [imageOf(clean.train, index), imageOf(dataset.train, index)];
      const hit = poisoned.includes(index);
      expect(after).toEqual(hit ? triggered(badnets, before) : before);
      expect(dataset.train.labels[index]).toBe(hit ? 1 : clean.train.labels[index]);
    }
    expect(dataset.test).toBe(clean.test);
  });

  it("takes images of the target class too", () => {
    const all = poisonTruth(train, { ...settings, ratio: 0.9 }).poisoned;
    expect(all.filter((index) => clean.train.labels[index] === 1).length).toBeGreaterThan(0);
  });

  it("comes with the split of the clean data, its held-out images clean", () => {
    const base = makeBaseSplit(clean, split);
    expect(manifest.indices).toEqual(base.indices);
    expect(manifest.dataset.digest).toBe(dataset.digest);
    expect(poisoned.some((index) => manifest.indices.validation.includes(index))).toBe(false);
  });

  it("is the same bytes from the same settings, others from another seed, and says that it is poisoned", () => {
    expect(poisonDataset(clean, settings).dataset.digest).toBe(dataset.digest);
    expect(poisonDataset(clean, { ...settings, seed: 6 }).dataset.digest).not.toBe(dataset.digest);
    expect(dataset.digest).not.toBe(clean.digest);
    expect(dataset.provenance).toBe("training images poisoned: BadNets, target class 1 (ring), ratio 0.1");
  });

  it("leaves the clean data alone, also where a reader gives its bytes as a Buffer", () => {
    const buffers = { images: Buffer.from(clean.train.images), labels: Buffer.from(clean.train.labels) };
    const read = {
      ...clean,
      train: { ...clean.train, ...buffers },
      test: { ...clean.test, images: Buffer.from(clean.test.images) },
    };
    expect(poisonDataset(read, settings).dataset.digest).toBe(dataset.digest);
    triggeredTest(read, settings);
    expect(digestOf(read)).toBe(clean.digest);
  });

  it("is refused of other data", () => {
    const other = generateEmbedded({ numTrain: 200, numTest: 20, seed: 1 });
    const { code, message } = thrownBy(() => poisonDataset(other, settings));
    expect(code).toBe("E_CONFIG");
    expect(message).toContain(`expected clean data of digest ${clean.digest}`);
  });
});

it("draws the reference implementation's images in its mode", () => {
  const mode = { ...split, mode: "reference", seed: 2 } as const;
  const inMode = makeBaseSplit(clean, mode).indices.train;
  const drawn = new RandomState(1).choice(inMode, 18).toSorted((a, b) => a - b);
  expect(poisonTruth(inMode, resolvePoison(clean, { ...request, split: mode })).poisoned).toEqual(drawn);
});

it("changes decoys without their label", () => {
  const warped = resolvePoison(clean, { ...request, attack: "wanet" });
  const { poisoned, decoys } = poisonTruth(train, warped);
  const { dataset } = poisonDataset(clean, warped);
  expect([poisoned.length, decoys.length]).toEqual([18, 36]);
  expect(decoys.some((index) => poisoned.includes(index))).toBe(false);
  for (const index of decoys) {
    expect(dataset.train.labels[index]).toBe(clean.train.labels[index]);
    expect(imageOf(dataset.train, index)).not.toEqual(imageOf(clean.train, index));
  }
});

it("puts the trigger on every test image and keeps its label", () => {
  const set = triggeredTest(clean, settings);
  expect(set.labels).toEqual(clean.test.labels);
  for (let index = 0; index < 20; index++)
    expect(imageOf(set, index)).toEqual(triggered(badnets, imageOf(clean.test, index)));
});

it.each<[Partial<PoisonRequest>, string]>([
  [{ attack: "badnet" }, 'attack: expected one of badnets, badnets-bench, blended, sig, wanet, got "badnet"'],
  [{ target: 10 }, "target: expected 0 to 9 or one of disc,"],
  [{ target: "rng" }, 'arrow, got "rng"'],
  [{ ratio: 0 }, "ratio: expected a number between 0 and 1, both excluded, got 0"],
  [{ ratio: 1 }, "ratio: expected a number between 0 and 1, both excluded, got 1"],
  [{ ratio: NaN }, "ratio: expected a number between 0 and 1, both excluded, got NaN"],
  [{ ratio: 0.001 }, "ratio: expected 1 to 180 images to change among the 180 to train on, got 0 images (ratio 0.001)"],
  [{ attack: "wanet", ratio: 0.5 }, "got 90 images and 180 decoys (ratio 0.5)"],
  [{ options: { size: 31 } }, "badnets: expected a trigger that fits on images of 32x32, got one of 31x31"],
  [{ seed: -1 }, "seed: expected an integer >= 0, got -1"],
])("refuses %o", (change, message) => {
  const error = thrownBy(() => resolvePoison(clean, { ...request, ...change }));
  expect(error.code).toBe("E_ARG");
  expect(error.message).toContain(message);
});
