import { describe, expect, it } from "vitest";
import { classNumbers, keepClasses, labelsFor } from "../../../src/data/class-subset.ts";
import type { DatasetParts } from "../../../src/data/dataset.ts";
import { makeDataset } from "../../../src/data/make-dataset.ts";
import { generateEmbedded } from "../../../src/data/embedded.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const parts: DatasetParts = {
  name: "tiny",
  channels: 1,
  height: 1,
  width: 2,
  classNames: ["a", "b", "c"],
  train: {
    images: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    labels: Uint8Array.of(0, 1, 2, 0),
    ids: (i) => `train/${i}`,
  },
  test: { images: Uint8Array.of(9, 10, 11, 12), labels: Uint8Array.of(2, 0), ids: (i) => `test/${i}` },
  verified: true,
  provenance: null,
  source: "here",
  mean: [0.5],
  std: [0.5],
  augment: false,
};

describe("keepClasses", () => {
  const kept = keepClasses(parts, ["C", 0]);

  it("renumbers the classes in the order of the list and keeps the order of the images", () => {
    expect(kept.classNames).toEqual(["c", "a"]);
    expect([[...kept.train.labels], [...kept.train.images]]).toEqual([
      [1, 0, 1],
      [1, 2, 5, 6, 7, 8],
    ]);
    expect([...kept.test.labels]).toEqual([0, 1]);
  });

  it("keeps the places that the records have in the whole data set", () => {
    expect([0, 1, 2].map((index) => kept.train.positions?.(index))).toEqual([0, 2, 3]);
  });

  it("keeps the ids that the records have in the whole data set", () => {
    expect([0, 1, 2].map(kept.train.ids)).toEqual(["train/0", "train/2", "train/3"]);
  });

  it("comes before the counts", () => {
    const { train, numClasses } = makeDataset(parts, { classes: ["c", "a"], numTrain: 2 });
    expect([[...train.labels], numClasses]).toEqual([[1, 0], 2]);
  });

  it.each([
    [["a"], "E_ARG", "tiny classes: expected at least two to tell apart, got 1"],
    [["a", "d"], "E_ARG", 'tiny classes: expected 0 to 2 or one of a, b, c, got "d"'],
    [["a", 0], "E_ARG", "tiny classes: expected each class once, got 0 (a) twice"],
  ])("refuses %j", (classes, code, message) => {
    expect(thrownBy(() => keepClasses(parts, classes))).toMatchObject({ code, message });
  });
});

it("keeps a class without images, but no part without images", () => {
  const one = { ...parts, test: { ...parts.test, labels: new Uint8Array(parts.test.labels.length).fill(2) } };
  expect(keepClasses(one, ["c", "a"])).toMatchObject({
    classNames: ["c", "a"],
    test: { labels: new Uint8Array(parts.test.labels.length) },
  });
  expect(thrownBy(() => keepClasses(one, ["b", "a"]))).toMatchObject({
    code: "E_DATA",
    message: "test part: expected images of the classes chosen, got none of 0 (b), 1 (a)",
  });
});

it("draws as many embedded pictures as wanted of the classes that are kept", () => {
  const { train, test, classNames } = generateEmbedded({ classes: [9, 0, 4], numTrain: 7, numTest: 3 });
  expect([train.count, test.count, classNames.length]).toEqual([7, 3, 3]);
  expect([...train.labels.slice(0, 3)].toSorted()).toEqual([0, 1, 2]);
});

it("finds classes by number and name", () => {
  expect(classNumbers("drop", ["a", "b", "c"], ["2", "A"])).toEqual([2, 0]);
});

it("takes two bytes for a label only where one is not enough", () => {
  expect(labelsFor(3, 256)).toEqual(new Uint8Array(3));
  expect(labelsFor(3, 257)).toEqual(new Uint16Array(3));
});
