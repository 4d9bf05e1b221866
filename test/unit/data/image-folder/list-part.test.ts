import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { listPart, roundRobin, walkPart } from "../../../../src/data/image-folder/list-part.ts";
import { ReadProgress } from "../../../../src/data/image-folder/read-progress.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const pgm = "P5 1 1 255\n.";

function part(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  return folder;
}

const progress = (): ReadProgress => new ReadProgress("looking", 9, {});

it("lists images by their content, with their place in the whole part", async () => {
  const folder = part({
    "b/2": pgm,
    "b/1.txt": pgm,
    "b/more/3": pgm,
    "a/x.png": "no image",
    "a/1": pgm,
    "b/Thumbs.db": "-",
  });
  const walked = walkPart(folder);
  expect([walked.classNames, walked.fileCount]).toEqual([["a", "b"], 6]);
  const { byClass, leftOut } = await listPart(walked, progress());
  expect(byClass).toEqual([
    [{ label: 0, name: "1", kind: "PNM", position: 0 }],
    [
      { label: 1, name: "1.txt", kind: "PNM", position: 1 },
      { label: 1, name: "2", kind: "PNM", position: 2 },
      { label: 1, name: "more/3", kind: "PNM", position: 3 },
    ],
  ]);
  expect(leftOut).toEqual([
    { folder: "a", name: "x.png", kind: "files named .png that are no images", isImage: true },
    { folder: "b", name: "Thumbs.db", kind: ".db files", isImage: false },
  ]);
  expect(roundRobin(byClass).map(({ name }) => name)).toEqual(["1", "1.txt", "2", "more/3"]);
});

it("keeps the classes of the training part, empty or not there, and counts those it does not have", async () => {
  const folder = part({ "b/1": pgm, "bird/1": pgm, "bird/2": pgm, "loose.png": pgm, ".hidden": "" });
  mkdirSync(join(folder, "c"));
  const { byClass, leftOut } = await listPart(walkPart(folder, ["a", "b", "c"]), progress());
  expect(byClass.map((files) => files.length)).toEqual([0, 1, 0]);
  const extra = "files of classes that the training part does not have";
  expect(leftOut.map(({ folder: place, name, kind }) => [place, name, kind])).toEqual([
    ["", ".hidden", "hidden files"],
    ["", "loose.png", "files outside of the class folders"],
    ["bird", "1", extra],
    ["bird", "2", extra],
  ]);
});

it("stops between files", async () => {
  const folder = part({ "a/1": pgm, "b/1": pgm });
  const stopped = new ReadProgress("looking", 2, { signal: AbortSignal.abort(new Error("enough")) });
  await expect(listPart(walkPart(folder), stopped)).rejects.toThrow("enough");
});
