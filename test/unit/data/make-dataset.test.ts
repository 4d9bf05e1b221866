import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import type { DatasetParts } from "../../../src/data/dataset.ts";
import { DIGEST_BYTES, imageDigests } from "../../../src/data/image-digest.ts";
import { digestOfRecords, makeDataset } from "../../../src/data/make-dataset.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const parts: DatasetParts = {
  name: "tiny",
  channels: 1,
  height: 1,
  width: 2,
  classNames: ["a", "b", "c"],
  train: { images: Uint8Array.of(1, 2, 3, 4, 5, 6), labels: Uint8Array.of(0, 1, 2), ids: (i) => `train/${i}` },
  test: { images: Uint8Array.of(7, 8), labels: Uint8Array.of(1), ids: (i) => `test/${i}` },
  verified: true,
  provenance: null,
  source: "here",
  mean: [0.5],
  std: [0.5],
  augment: false,
};

const digest = (header: string, ...bytes: number[]): string =>
  createHash("sha256").update(header).update(Uint8Array.from(bytes)).digest("hex");

it("counts records and classes, and hashes sizes, labels and images", () => {
  const dataset = makeDataset(parts, {});
  expect(dataset).toMatchObject({ numClasses: 3, train: { count: 3 }, test: { count: 1 } });
  expect(dataset.digest).toBe(digest("1x1x2 3 1\n", 0, 1, 2, 1, 2, 3, 4, 5, 6, 1, 7, 8));
});

it("keeps a copy of the first records, and hashes only those", () => {
  const dataset = makeDataset(parts, { numTrain: 2, numTest: 1 });
  expect([...dataset.train.images]).toEqual([1, 2, 3, 4]);
  expect(dataset.train.images.buffer.byteLength).toBe(4);
  expect([[...dataset.train.labels], dataset.train.count, dataset.train.ids(1)]).toEqual([[0, 1], 2, "train/1"]);
  expect(dataset.digest).toBe(digest("1x1x2 2 1\n", 0, 1, 1, 2, 3, 4, 1, 7, 8));
});

it.each([0, 4, -1, 1.5, NaN])("refuses to keep %d of 3 records", (numTrain) => {
  expect(thrownBy(() => makeDataset(parts, { numTrain }))).toMatchObject({
    code: "E_ARG",
    message: `numTrain: expected an integer >= 1 and <= 3, got ${numTrain}`,
  });
});

it("tells the log of files that are not the published ones, once", () => {
  const log: string[] = [];
  const options = { log: (line: string) => log.push(line) };
  makeDataset(parts, options);
  expect(log).toEqual([]);
  const dataset = makeDataset({ ...parts, verified: false, provenance: "not verified" }, options);
  expect(log).toEqual(["not verified"]);
  expect(dataset.provenance).toBe("not verified");
});

it("keeps only the images that are asked for by id, and their places, even where none are left of a part", () => {
  const only = (part: string, id: string): boolean => part === "train" && id !== "train/1";
  const { train, test, classNames } = makeDataset(parts, { only });
  expect([[...train.images], [...train.labels], train.count]).toEqual([[1, 2, 5, 6], [0, 2], 2]);
  expect([0, 1].map((index) => [train.ids(index), train.positions?.(index)])).toEqual([
    ["train/0", 0],
    ["train/2", 2],
  ]);
  expect([test.count, classNames]).toEqual([0, ["a", "b", "c"]]);
});

it("is told by the digests of its images where the reader gives them, whatever became of the pixels", () => {
  const withDigests = (pixel: number, first = 0): DatasetParts => {
    const digests = (count: number): Uint8Array =>
      Uint8Array.from({ length: count * DIGEST_BYTES }, (_, i) => (i === 0 ? first : i));
    const { train, test } = parts;
    return {
      ...parts,
      train: { ...train, images: train.images.map((value) => value + pixel), digests: digests(3) },
      test: { ...test, digests: digests(1) },
    };
  };
  const digestOfParts = (given: DatasetParts): string => makeDataset(given, {}).digest;
  expect(digestOfParts(withDigests(1))).toBe(digestOfParts(withDigests(0)));
  expect(makeDataset(withDigests(0), {}).digest).toBe(digestOfRecords(makeDataset(withDigests(0), {})));
  const others = [withDigests(0), withDigests(0, 9), { ...withDigests(0), width: 1, height: 2 }, parts];
  expect(new Set(others.map(digestOfParts)).size).toBe(4);
});

it("has a digest of each image, its own or the reader's", () => {
  const { train } = makeDataset(parts, { numTrain: 2 });
  expect(train.digests).toEqual(imageDigests({ channels: 1, height: 1, width: 2 }, Uint8Array.of(1, 2, 3, 4)));
  const given = Uint8Array.from({ length: 3 * DIGEST_BYTES }, (_, i) => i);
  const read = makeDataset({ ...parts, train: { ...parts.train, digests: given } }, { numTrain: 2 });
  expect(read.train.digests).toEqual(given.slice(0, 2 * DIGEST_BYTES));
});
