import { expect, it } from "vitest";
import { type Findings, findingLines } from "../../../../src/data/image-folder/notes.ts";

const nothing = { leftOut: [], traits: new Map(), empty: [] };
const findings: Findings = {
  parts: [
    {
      part: "train",
      leftOut: [{ kind: "HEIC images", folder: "cat", name: "6.heic", isImage: true }],
      traits: new Map([
        ["alpha", 2],
        ["orientation", 1],
      ]),
      count: 90,
      empty: [1],
    },
    { ...nothing, part: "test", traits: new Map([["alpha", 1]]), count: 10, empty: [0, 1] },
  ],
  classNames: ["cat", "a, b"],
  otherFolders: ["val", "more"],
  applyOrientation: false,
};

it("says once what was not read, which classes are empty, and what was changed", () => {
  expect(findingLines(findings, true)).toEqual([
    "data folder: not read, folders beside the two parts: val, more",
    "train: not read, HEIC images: 1 in cat (6.heic)",
    "train: no images of class 1 (a, b)",
    "test: no images of classes 0 (cat), 1 (a, b)",
    "3 of 100 images: an alpha channel, which is dropped",
    "1 of 100 images: an EXIF orientation, which is not applied, as in torchvision; --apply-orientation does it",
  ]);
});

it("names no file for the record", () => {
  expect(findingLines(findings, false).join()).not.toContain("6.heic");
});

it("says that orientations were applied", () => {
  expect(findingLines({ ...findings, applyOrientation: true }, true).at(-1)).toBe(
    "1 of 100 images: an EXIF orientation, by which they are turned",
  );
});

it("says nothing where there is nothing to say, and not too much of many classes", () => {
  const parts = findings.parts.map((part) => ({ ...part, ...nothing }));
  const quiet = { ...findings, parts, otherFolders: [] };
  expect(findingLines(quiet, true)).toEqual([]);
  const many = parts.map((part) => ({ ...part, empty: [0, 1, 2, 3, 4, 5, 6] }));
  expect(findingLines({ ...quiet, parts: many, classNames: [..."abcdefg"] }, true)[0]).toBe(
    "train: no images of classes 0 (a), 1 (b), 2 (c), 3 (d), 4 (e) and 2 more",
  );
});
