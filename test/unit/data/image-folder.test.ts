import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { expect, it } from "vitest";
import { findImageFolder, loadImageFolder } from "../../../src/data/image-folder.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Three classes of one colour each, two training and one test image, of several sizes and kinds. */
async function madeFolder(): Promise<string> {
  const root = temporaryFolder();
  const colours = { bombay: "#204060", abyssinian: "#ff8000", "Great Dane": "#808080" };
  for (const [name, background] of Object.entries(colours)) {
    for (const part of ["train", "test"]) mkdirSync(join(root, part, name), { recursive: true });
    const draw = (width: number, height: number): Sharp =>
      sharp({ create: { width, height, channels: 3, background } });
    await draw(40, 20)
      .png()
      .toFile(join(root, "train", name, "b.png"));
    await draw(9, 30)
      .ensureAlpha(1)
      .png()
      .toFile(join(root, "train", name, "a.PNG"));
    await draw(16, 16)
      .jpeg({ quality: 100 })
      .toFile(join(root, "test", name, "1.jpeg"));
  }
  const grey = sharp({ create: { width: 12, height: 12, channels: 3, background: "#808080" } }).greyscale();
  await grey.png().toFile(join(root, "train", "Great Dane", "b.png"));
  writeFileSync(join(root, "train", "bombay", "notes.txt"), "not an image");
  writeFileSync(join(root, "train", "bombay", ".hidden.png"), "not an image");
  return root;
}

it("reads classes in the order of their names, images round the classes, all of one size", async () => {
  const folder = await madeFolder();
  const dataset = await loadImageFolder({ folder, resolution: 8 });
  const { train, test, classNames, channels, height, width, numClasses } = dataset;
  expect([classNames, numClasses, channels, height, width]).toEqual([
    ["Great Dane", "abyssinian", "bombay"],
    3,
    3,
    8,
    8,
  ]);
  expect([[...train.labels], [...test.labels]]).toEqual([
    [0, 1, 2, 0, 1, 2],
    [0, 1, 2],
  ]);
  expect([train.ids(1), train.ids(3), test.ids(2)]).toEqual([
    "train/abyssinian/a.PNG",
    "train/Great Dane/b.png",
    "test/bombay/1.jpeg",
  ]);
  const planes = [0, 1, 2].map((channel) => [...train.images.subarray((3 + channel) * 64, (4 + channel) * 64)]);
  expect(planes).toEqual([255, 128, 0].map((value) => Array.from({ length: 64 }, () => value)));
  expect([...train.images.subarray(9 * 64, 12 * 64)]).toEqual(Array.from({ length: 192 }, () => 128)); // the grey one
  expect(dataset).toMatchObject({ verified: false, provenance: expect.stringContaining("no checksums") });
});

it("keeps the middle of the longer side", async () => {
  const folder = await madeFolder();
  const white = Buffer.alloc(10 * 10 * 3, 255);
  await sharp({ create: { width: 30, height: 10, channels: 3, background: "#000000" } })
    .composite([{ input: white, raw: { width: 10, height: 10, channels: 3 }, left: 10, top: 0 }])
    .png()
    .toFile(join(folder, "train", "bombay", "a.PNG"));
  const { train } = await loadImageFolder({ folder, resolution: 10, classes: ["bombay", "abyssinian"], numTrain: 1 });
  expect(new Set(train.images)).toEqual(new Set([255]));
  expect(train.ids(0)).toBe("train/bombay/a.PNG");
});

it("takes val for test, as ImageNet is laid out", async () => {
  const folder = await madeFolder();
  const { renameSync } = await import("node:fs");
  renameSync(join(folder, "test"), join(folder, "val"));
  expect((await loadImageFolder({ folder, resolution: 4 })).test.count).toBe(3);
});

const unreadable = "expected an image that can be decoded, got";
it.each<[string, (root: string) => void, string]>([
  [
    "a missing part",
    (root) => rmSync(join(root, "test"), { recursive: true }),
    "expected a folder test or val in it, got a folder of train",
  ],
  ["an empty class", (root) => rmSync(join(root, "test", "bombay", "1.jpeg")), "expected images"],
  ["a missing class", (root) => rmSync(join(root, "test", "bombay"), { recursive: true }), "got no such folder"],
  ["a file that is no image", (root) => writeFileSync(join(root, "train", "bombay", "c.jpg"), "text"), unreadable],
])("refuses %s, naming it", async (_, change, message) => {
  const folder = await madeFolder();
  change(folder);
  const failure = loadImageFolder({ folder, resolution: 8 });
  await expect(failure).rejects.toMatchObject({ code: "E_DATA", message: expect.stringContaining(message) });
});

it("refuses a single class, too many images for the memory, and no folder at all", async () => {
  const folder = await madeFolder();
  await expect(loadImageFolder({ folder, classes: ["bombay"] })).rejects.toMatchObject({
    message: "folder: expected at least two classes to tell apart, got 1",
  });
  await expect(loadImageFolder({ folder, resolution: 2000 })).rejects.toMatchObject({ code: "E_ARG" });
  await expect(loadImageFolder({})).rejects.toMatchObject({ code: "E_ARG", hint: expect.stringContaining("ROOT") });
  await expect(loadImageFolder({ folder, numTrain: 7 })).rejects.toMatchObject({
    message: "numTrain: expected an integer >= 1 and <= 6, got 7",
  });
});

it("is found where there is a training part", async () => {
  const folder = await madeFolder();
  expect(findImageFolder(folder)).toBe(folder);
  expect(findImageFolder(join(folder, "train"))).toBeUndefined();
});
