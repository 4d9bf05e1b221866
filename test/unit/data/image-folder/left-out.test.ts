import { expect, it } from "vitest";
import { type LeftOut, leftOutLines, plain } from "../../../../src/data/image-folder/left-out.ts";

const files = (folder: string, kind: string, ...names: string[]): LeftOut[] =>
  names.map((name) => ({ folder, kind, name, isImage: true }));

it("counts and names by kind and folder, the first three", () => {
  const leftOut = [
    ...files("cat", "HEIC images", "1.heic", "2.heic", "more/3.heic", "4.heic"),
    ...files("dog", "HEIC images", "9.heic"),
    ...files("", "hidden files", ".DS_Store"),
  ];
  expect(leftOutLines("train", leftOut, true)).toEqual([
    "train: not read, HEIC images: 4 in cat (1.heic, 2.heic, more/3.heic, …), 1 in dog (9.heic)",
    "train: not read, hidden files: 1 in train itself (.DS_Store)",
  ]);
  expect(leftOutLines("train", leftOut, false)[0]).toBe("train: not read, HEIC images: 4 in cat, 1 in dog");
  expect(leftOutLines("train", [], true)).toEqual([]);
});

it("says how many are in the folders that it does not name", () => {
  const leftOut = [..."abcdef"].flatMap((folder) => files(folder, "hidden files", ".a", ".b"));
  expect(leftOutLines("test", leftOut, false)).toEqual([
    "test: not read, hidden files: 2 in a, 2 in b, 2 in c, 6 in 3 more folders",
  ]);
  expect(leftOutLines("test", leftOut.slice(0, 8), false)[0]).toMatch(/, 2 in 1 more folder$/);
});

it("shows names as they are, unless they could mislead", () => {
  expect(["Great Dane", "é_1.png", "a/b"].map(plain)).toEqual(["Great Dane", "é_1.png", "a/b"]);
  expect([" a", "a\n", "\u202egnp.exe", "\x1b[31m", "a, b", ""].map(plain)).toEqual([
    '" a"',
    String.raw`"a\n"`,
    String.raw`"\u202egnp.exe"`,
    String.raw`"\u001b[31m"`,
    '"a, b"',
    '""',
  ]);
});
