import { describe, expect, it } from "vitest";
import { generateEmbedded } from "../../../src/data/embedded.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const small = { numTrain: 60, numTest: 25 };

it("is the same on every machine", () => {
  const { digest } = generateEmbedded(small);
  expect(digest).toBe("ace93724e853b80357de4efc7ea25996d6c7323e487c5ad7b3d129227d1bc7c8");
  expect(generateEmbedded({ ...small, seed: 12_345_678_901 }).digest).toBe(
    "73c1bf594ec85d066b73553787e125fe45e5113558220a5813dfc87e0326f934",
  );
});

it("has the form of a data set", () => {
  const dataset = generateEmbedded(small);
  expect(dataset).toMatchObject({
    name: "embedded",
    channels: 3,
    height: 32,
    width: 32,
    numClasses: 10,
    augment: false,
  });
  expect(dataset).toMatchObject({ verified: true, provenance: null, source: "drawn from seed 0" });
  expect(dataset.classNames).toEqual([
    "disc",
    "ring",
    "crescent",
    "heart",
    "triangle",
    "square",
    "frame",
    "cross",
    "star",
    "arrow",
  ]);
  expect([dataset.train.count, dataset.train.images.length, dataset.train.labels.length]).toEqual([60, 60 * 3072, 60]);
  expect([dataset.test.count, dataset.test.images.length]).toEqual([25, 25 * 3072]);
  expect([dataset.train.ids(59), dataset.test.ids(0)]).toEqual(["train/59", "test/0"]);
});

it("holds every class once in ten records, in changing order", () => {
  const { labels } = generateEmbedded(small).train;
  const tens = [0, 10, 20, 30, 40, 50].map((start) => [...labels.subarray(start, start + 10)]);
  for (const ten of tens) expect(ten.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(new Set(tens.map((ten) => ten.join())).size).toBeGreaterThan(1);
});

it("begins alike in every size", () => {
  const [few, many] = [generateEmbedded({ numTrain: 7, numTest: 3 }), generateEmbedded(small)];
  expect(few.train.images).toEqual(many.train.images.subarray(0, 7 * 3072));
  expect(few.train.labels).toEqual(many.train.labels.subarray(0, 7));
  expect(few.test.images).toEqual(many.test.images.subarray(0, 3 * 3072));
});

it("has no picture twice, within and between the parts and from seed to seed", () => {
  const seen = new Set<string>();
  for (const seed of [0, 1]) {
    for (const part of [generateEmbedded({ ...small, seed }).train, generateEmbedded({ ...small, seed }).test]) {
      for (let i = 0; i < part.count; i++)
        seen.add(Buffer.from(part.images.subarray(i * 3072, (i + 1) * 3072)).toString("latin1"));
    }
  }
  expect(seen.size).toBe(2 * (60 + 25));
});

it("is normalised by its own mean and deviation", () => {
  const { train, mean, std } = generateEmbedded({ numTrain: 2000, numTest: 1 });
  for (const channel of [0, 1, 2]) {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < train.count * 1024; i++) {
      const value = (train.images[Math.floor(i / 1024) * 3072 + channel * 1024 + (i % 1024)] ?? 0) / 255;
      sum += value;
      squares += value * value;
    }
    const average = sum / (train.count * 1024);
    expect(Math.abs(average - (mean[channel] ?? 0))).toBeLessThan(0.01);
    expect(Math.abs(Math.sqrt(squares / (train.count * 1024) - average ** 2) - (std[channel] ?? 0))).toBeLessThan(0.01);
  }
});

describe("refuses", () => {
  it.each([{ seed: -1 }, { seed: 0.5 }, { numTrain: 0 }, { numTrain: 2_000_000 }, { numTest: NaN }])(
    "%o",
    (options) => {
      expect(thrownBy(() => generateEmbedded({ ...small, ...options })).code).toBe("E_ARG");
    },
  );
});
