import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { expect, it } from "vitest";
import { findImageFolder, loadImageFolder } from "../../../../src/data/image-folder/image-folder.ts";
import type { ImageDataset, ImageSet, LoadOptions } from "../../../../src/data/dataset.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

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

it.each<[string, (root: string) => void, string]>([
  [
    "a missing part",
    (root) => rmSync(join(root, "test"), { recursive: true }),
    "expected a folder test or val in it, got a folder of train",
  ],
  [
    "a part without images",
    (root) => {
      for (const name of readdirSync(join(root, "test"))) rmSync(join(root, "test", name, "1.jpeg"));
    },
    "expected images in its class folders, got none",
  ],
  [
    "a class of damaged images alone",
    (root) => {
      for (const name of ["a.PNG", "b.png"]) truncateSync(join(root, "train", "bombay", name), 60);
    },
    "bombay: expected at least one image that can be decoded, got none of 2: damaged PNG images",
  ],
])("refuses %s, naming it", async (_, change, message) => {
  const folder = await madeFolder();
  change(folder);
  const failure = loadImageFolder({ folder, resolution: 8 });
  await expect(failure).rejects.toMatchObject({ code: "E_DATA", message: expect.stringContaining(message) });
});

/** Loads with all that is logged. */
async function loadLogged(options: LoadOptions): Promise<{ dataset: ImageDataset; log: string[] }> {
  const log: string[] = [];
  const dataset = await loadImageFolder({ resolution: 4, ...options, log: (line) => log.push(line) });
  return { dataset, log };
}

const idsOf = ({ count, ids }: ImageSet): string[] => Array.from({ length: count }, (_, i) => ids(i));

it("reads sub-folders and every format that there is a reader for, whatever the names, and names the rest", async () => {
  const folder = await madeFolder();
  const place = join(folder, "train", "bombay");
  const image = sharp({ create: { width: 5, height: 5, channels: 3, background: "#123456" } });
  mkdirSync(join(place, "more", "deep"), { recursive: true });
  await image.png().toFile(join(place, "more", "2.png"));
  writeFileSync(join(place, "more", "deep", "3"), await image.jpeg().toBuffer());
  writeFileSync(join(place, "4.ppm"), "P3 1 1 255 1 2 3");
  writeFileSync(join(place, "5.jfif"), await image.jpeg().toBuffer());
  writeFileSync(join(place, "6.heic"), "\0\0\0\x18ftypheic\0\0\0\0mif1heic");
  writeFileSync(join(place, "7.jpg"), (await image.jpeg().toBuffer()).subarray(0, -30));
  writeFileSync(join(place, "8.webp"), await image.webp({ lossless: true }).toBuffer());
  execFileSync("mkfifo", [join(place, "9.png")]);
  symlinkSync("..", join(place, "up"));
  mkdirSync(join(folder, "test", "dodo"));
  await image.png().toFile(join(folder, "test", "dodo", "1.png"));
  const { dataset, log } = await loadLogged({ folder });
  expect(
    idsOf(dataset.train)
      .filter((id) => id.startsWith("train/bombay"))
      .map((id) => id.slice(13)),
  ).toEqual(["4.ppm", "5.jfif", "8.webp", "a.PNG", "b.png", "more/2.png", "more/deep/3"]);
  const missing = [
    "train: not read, hidden files: 1 in bombay (.hidden.png)",
    "train: not read, named pipes: 1 in bombay (9.png)",
    "train: not read, links back to a folder above: 1 in bombay (up)",
    "train: not read, HEIC images: 1 in bombay (6.heic)",
    "train: not read, .txt files: 1 in bombay (notes.txt)",
    "train: not read, damaged JPEG images: 1 in bombay (7.jpg)",
    "test: not read, files of classes that the training part does not have: 1 in dodo (1.png)",
  ];
  expect(log.filter((line) => line.includes("not read")).toSorted()).toEqual(missing.toSorted());
  expect(dataset.notes?.join("\n")).toContain("damaged JPEG images: 1 in bombay");
  expect(dataset.notes?.join("\n")).not.toContain("7.jpg");
  const at = (id: string): number => idsOf(dataset.train).indexOf(`train/bombay/${id}`);
  const digest = (id: string): string =>
    Buffer.from(dataset.train.digests.subarray(16 * at(id), 16 * at(id) + 16)).toString("hex");
  expect(digest("8.webp")).toBe(digest("more/2.png"));
  // The damaged image keeps its place: Great Dane and abyssinian have two images each before.
  const places = ["4.ppm", "5.jfif", "8.webp", "a.PNG", "b.png", "more/2.png", "more/deep/3"].map((id) =>
    dataset.train.positions?.(at(id)),
  );
  expect(places).toEqual([4, 5, 7, 8, 9, 10, 11]);
});

it("gives positions in the whole part, whatever classes and counts are chosen", async () => {
  const folder = await madeFolder();
  const dataset = await loadImageFolder({ folder, resolution: 4, classes: ["bombay", "Great Dane"], numTrain: 3 });
  expect(idsOf(dataset.train)).toEqual(["train/bombay/a.PNG", "train/Great Dane/a.PNG", "train/bombay/b.png"]);
  expect([0, 1, 2].map((i) => dataset.train.positions?.(i))).toEqual([4, 0, 5]);
});

it("keeps a class without images in either part, and says so once", async () => {
  const folder = await madeFolder();
  for (const name of ["a.PNG", "b.png"]) rmSync(join(folder, "train", "abyssinian", name));
  rmSync(join(folder, "test", "bombay"), { recursive: true });
  const { dataset, log } = await loadLogged({ folder });
  expect([dataset.numClasses, [...dataset.train.labels], [...dataset.test.labels]]).toEqual([3, [0, 2, 0, 2], [0, 1]]);
  expect(log.filter((line) => line.includes("no images"))).toEqual([
    "train: no images of class 1 (abyssinian)",
    "test: no images of class 2 (bombay)",
  ]);
  const chosen = await loadImageFolder({ folder, resolution: 4, classes: ["abyssinian", "bombay"] });
  expect([chosen.classNames, [...chosen.train.labels]]).toEqual([
    ["abyssinian", "bombay"],
    [1, 1],
  ]);
});

it("says what was turned or left lying, and which folders it did not look into", async () => {
  const folder = await madeFolder();
  mkdirSync(join(folder, "val"));
  const wide = sharp({ create: { width: 20, height: 10, channels: 3, background: "red" } }).withMetadata({
    orientation: 6,
  });
  await wide.jpeg().toFile(join(folder, "train", "bombay", "wide.jpg"));
  const { log } = await loadLogged({ folder });
  expect(log).toContain("data folder: not read, folders beside the two parts: val");
  expect(log).toContain(
    "1 of 10 images: an EXIF orientation, which is not applied, as in torchvision; --apply-orientation does it",
  );
  expect((await loadLogged({ folder, applyOrientation: true })).log).toContain(
    "1 of 10 images: an EXIF orientation, by which they are turned",
  );
});

it("takes only the ids asked for, and looks into no other image", async () => {
  const folder = await madeFolder();
  truncateSync(join(folder, "train", "bombay", "b.png"), 60);
  const wanted = ["train/bombay/a.PNG", "train/abyssinian/b.png", "test/bombay/1.jpeg"];
  const { dataset, log } = await loadLogged({ folder, only: (_, id) => wanted.includes(id) });
  expect([idsOf(dataset.train), idsOf(dataset.test)]).toEqual([[wanted[0], wanted[1]], [wanted[2]]]);
  expect(log.join()).not.toContain("damaged");
});

it("stops when asked", async () => {
  const folder = await madeFolder();
  const failure = loadImageFolder({ folder, resolution: 4, signal: AbortSignal.abort(new Error("enough")) });
  await expect(failure).rejects.toThrow("enough");
});

type Kind = "image" | "other ending" | "text" | "empty" | "cut" | "link" | "dangling" | "pipe";
const kind = fc.constantFrom<Kind>(
  "image",
  "image",
  "image",
  "other ending",
  "text",
  "empty",
  "cut",
  "link",
  "dangling",
  "pipe",
);
const name = fc.string({ unit: fc.constantFrom("a", "b", "-", "é", "😀", " ", "%", "\n"), minLength: 1, maxLength: 3 });
const entry = fc.record({
  kind,
  path: fc.array(name, { minLength: 1, maxLength: 3 }),
  hidden: fc.boolean(),
  class: fc.constantFrom("x", "y"),
});

it("reads of any tree exactly the images that an independent walk finds", { timeout: 60_000 }, async () => {
  const image = Buffer.from("P5 1 1 255\n.");
  const content = { text: "a text", empty: "", cut: image.subarray(0, -1), image, "other ending": image } as const;
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 12 }), async (entries) => {
      const folder = smallFolder(image);
      const expected = new Set(["train/x/always", "train/y/always"]);
      for (const { kind: what, path, hidden, class: of } of entries) {
        const parts = [
          ...path.slice(0, -1),
          `${hidden ? "." : ""}${path.at(-1)}${what === "other ending" ? ".txt" : ".pgm"}`,
        ];
        const target = join(folder, "train", of, ...parts);
        if (existsSync(target)) continue;
        try {
          mkdirSync(dirname(target), { recursive: true });
        } catch {
          continue; // a file lies where a folder is wanted
        }
        if (what === "link") symlinkSync(join(folder, "train", of, "always"), target);
        else if (what === "dangling") symlinkSync("nowhere", target);
        else if (what === "pipe") execFileSync("mkfifo", [target]);
        else writeFileSync(target, content[what]);
        if (!hidden && ["image", "other ending", "link"].includes(what))
          expected.add(["train", of, ...parts].join("/"));
      }
      const { train } = await loadImageFolder({ folder, resolution: 1 });
      expect(idsOf(train).toSorted()).toEqual([...expected].toSorted());
      const inOrder = [...train.labels.keys()].toSorted(
        (i, j) => (train.positions?.(i) ?? 0) - (train.positions?.(j) ?? 0),
      );
      const labels = inOrder.map((index) => train.labels[index]);
      expect(labels).toEqual(labels.toSorted());
    }),
    { numRuns: 40 },
  );
});

/** Two classes of one image in each part. */
function smallFolder(image: Buffer): string {
  const folder = temporaryFolder();
  for (const place of ["train/x", "train/y", "test/x", "test/y"]) {
    mkdirSync(join(folder, place), { recursive: true });
    writeFileSync(join(folder, place, "always"), image);
  }
  return folder;
}

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
