import { expect, it } from "vitest";
import type { ImageFile, PartList } from "../../../../src/data/image-folder/list-part.ts";
import { chooseFiles, findingsOf } from "../../../../src/data/image-folder/part-files.ts";
import type { ReadPart } from "../../../../src/data/image-folder/read-part.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

const classNames = ["a", "b", "c"];
const files = (label: number, count: number): ImageFile[] =>
  Array.from({ length: count }, (_, i) => ({ label, name: `${i}`, kind: "PNG", position: i }));
const list: PartList = {
  folder: "root/train",
  byClass: [files(0, 2), files(1, 1), []],
  leftOut: [
    { folder: "c", name: "1.txt", kind: ".txt files", isImage: false },
    { folder: "bird", name: "1", kind: "files of classes that the training part does not have", isImage: false },
  ],
};
const all = { classNames, chosen: [0, 1, 2] };

/** What is read when the images of `lost` classes cannot be decoded. */
function readWithout(...lost: number[]): ReadPart {
  const undecodable = list.byClass.flat().filter(({ label }) => lost.includes(label));
  return {
    set: { images: new Uint8Array(), labels: new Uint8Array(3 - undecodable.length), ids: String },
    traits: new Map(),
    undecodable: undecodable.map(({ label, name }) => {
      return { label, name, folder: classNames[label] ?? "", kind: "damaged PNG images", isImage: true };
    }),
  };
}

it("takes images round the chosen classes, in the order of the choice", () => {
  const chosen = chooseFiles("train", list, { classNames, chosen: [1, 0], count: 2 });
  expect(chosen.files.map(({ label, name }) => `${label}/${name}`)).toEqual(["1/0", "0/0", "0/1"]);
  expect(chosen).toMatchObject({ part: "train", folder: "root/train", chosen: [1, 0], wanted: 2 });
  expect(chooseFiles("train", list, all).wanted).toBe(3);
});

it("takes only the ids asked for, none if there are none", () => {
  const only = (...ids: string[]) => ({ ...all, only: (part: string, id: string) => ids.includes(`${part}: ${id}`) });
  expect(chooseFiles("train", list, only("train: train/a/1", "test: train/a/0")).files).toEqual([list.byClass[0]?.[1]]);
  const none = chooseFiles("train", list, only());
  expect([none.files, none.wanted]).toEqual([[], 0]);
  expect(findingsOf(list, none, only(), readWithout(0, 1, 2)).count).toBe(0);
});

it("refuses a part without images and counts out of range", () => {
  expect(thrownBy(() => chooseFiles("test", { ...list, byClass: [[], [], []] }, all))).toMatchObject({
    code: "E_DATA",
    message: "root/train: expected images in its class folders, got 2 other files",
  });
  expect(thrownBy(() => chooseFiles("test", list, { ...all, count: 4 })).message).toMatch(/^numTest: .* <= 3, got 4/);
});

it("says what was left out of the chosen classes and beside them, and which classes are empty", () => {
  const choice = { classNames, chosen: [1, 0] };
  const findings = findingsOf(list, chooseFiles("train", list, choice), choice, readWithout());
  expect(findings).toMatchObject({ part: "train", count: 3, empty: [], leftOut: [{ folder: "bird" }] });
  const whole = findingsOf(list, chooseFiles("train", list, all), all, readWithout());
  expect([whole.empty, whole.leftOut.length]).toEqual([[2], 2]);
});

it("refuses a class that lost all of its images, and fewer images than asked for", () => {
  const chosen = chooseFiles("train", list, all);
  expect(thrownBy(() => findingsOf(list, chosen, all, readWithout(1)))).toMatchObject({
    code: "E_DATA",
    message: "root/train/b: expected at least one image that can be decoded, got none of 1: damaged PNG images",
  });
  const heic = { folder: "c", name: "1.heic", kind: "HEIC images", isImage: true };
  expect(thrownBy(() => findingsOf({ ...list, leftOut: [heic] }, chosen, all, readWithout())).message).toBe(
    "root/train/c: expected at least one image that can be decoded, got none of 1: HEIC images",
  );
  const read = { ...readWithout(), set: { ...readWithout().set, labels: new Uint8Array(2) } };
  expect(thrownBy(() => findingsOf(list, chosen, { ...all, count: 3 }, read)).message).toMatch(
    /^numTrain: .* <= 2, got 3/,
  );
});
