import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import type { ImageDataset } from "../../../src/data/dataset.ts";
import { findIdxDataset, type IdxDatasetSpec, loadIdxDataset } from "../../../src/data/idx-dataset.ts";
import { idxBytes } from "../../support/idx-bytes.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const good = {
  "train-images-idx3-ubyte": idxBytes(
    [3, 28, 28],
    Uint8Array.from({ length: 3 * 784 }, (_, i) => i % 251),
  ),
  "train-labels-idx1-ubyte": idxBytes([3], Uint8Array.of(9, 0, 4)),
  "t10k-images-idx3-ubyte": idxBytes(
    [2, 28, 28],
    Uint8Array.from({ length: 2 * 784 }, (_, i) => i % 241),
  ),
  "t10k-labels-idx1-ubyte": idxBytes([2], Uint8Array.of(5, 6)),
};
type Files = Record<keyof typeof good, Buffer | null>;

const md5 = (bytes: Buffer): string => createHash("md5").update(bytes).digest("hex");

const spec: IdxDatasetSpec = {
  name: "tiny",
  title: "Tiny",
  classNames: [..."abcdefghij"],
  subfolders: ["tiny", "Tiny/raw", ""],
  md5: {
    "train-images-idx3-ubyte": md5(good["train-images-idx3-ubyte"]),
    "train-labels-idx1-ubyte": md5(good["train-labels-idx1-ubyte"]),
    "t10k-images-idx3-ubyte": md5(good["t10k-images-idx3-ubyte"]),
    "t10k-labels-idx1-ubyte": md5(good["t10k-labels-idx1-ubyte"]),
  },
  mean: 0.25,
  std: 0.5,
  hint: "install the package dataset-tiny",
};

function write(folder: string, files: Files, nameOf = (name: string): string => name): void {
  for (const [name, bytes] of Object.entries(files)) {
    if (bytes === null) continue;
    const path = join(folder, nameOf(name));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, path.endsWith(".gz") ? gzipSync(bytes) : bytes);
  }
}

async function loadChanged(changes: Partial<Files>, allowUnverified = false): Promise<ImageDataset> {
  const folder = temporaryFolder();
  write(folder, { ...good, ...changes });
  return loadIdxDataset(spec, { folder, allowUnverified });
}

it.each([
  ["as published", (name: string) => `${name}.gz`],
  ["unpacked", (name: string) => name],
  ["with dots", (name: string) => name.replace("-idx", ".idx")],
  ["with dots, gzipped", (name: string) => `${name.replace("-idx", ".idx")}.gz`],
  ["in a folder of its own", (name: string) => `tiny/${name}`],
  ["as torchvision keeps them", (name: string) => `Tiny/raw/${name}`],
])("reads the four files %s", async (_, nameOf) => {
  const folder = temporaryFolder();
  write(folder, good, nameOf);
  const dataset = await loadIdxDataset(spec, { folder });
  const source = dirname(join(folder, nameOf("x")));
  expect(dataset).toMatchObject({
    name: "tiny",
    channels: 1,
    height: 28,
    width: 28,
    numClasses: 10,
    verified: true,
    source,
  });
  expect(dataset).toMatchObject({ provenance: null, mean: [0.25], std: [0.5], augment: false });
  expect([...dataset.train.labels, ...dataset.test.labels]).toEqual([9, 0, 4, 5, 6]);
  expect([dataset.train.count, dataset.train.images.length, dataset.train.images[784]]).toEqual([
    3,
    3 * 784,
    784 % 251,
  ]);
  expect([dataset.test.count, dataset.test.images.length, dataset.test.images[784]]).toEqual([2, 2 * 784, 784 % 241]);
  expect([dataset.train.ids(2), dataset.test.ids(0)]).toEqual(["train/2", "t10k/0"]);
});

it("keeps the first records on request", async () => {
  const folder = temporaryFolder();
  write(folder, good);
  const { train, test } = await loadIdxDataset(spec, { folder, numTrain: 2, numTest: 1 });
  expect([[...train.labels], train.images.length]).toEqual([[9, 0], 2 * 784]);
  expect([[...test.labels], test.images.length]).toEqual([[5], 784]);
});

it("says where it looked for missing files and how to get them", async () => {
  const folder = temporaryFolder();
  expect(findIdxDataset(spec, folder)).toBeUndefined();
  await expect(loadIdxDataset(spec, { folder })).rejects.toMatchObject({
    code: "E_DATA",
    message: `Tiny: expected its files in one of ${join(folder, "tiny")}, ${join(folder, "Tiny/raw")}, ${folder}, got none there`,
    hint: spec.hint,
  });
  await expect(loadChanged({ "t10k-labels-idx1-ubyte": null })).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringContaining("expected t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz in it, got neither"),
  });
});

it("refuses content that is not the published one, unless told otherwise", async () => {
  const other = idxBytes([3], Uint8Array.of(9, 0, 5));
  await expect(loadChanged({ "train-labels-idx1-ubyte": other })).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringMatching(
      new RegExp(
        `^/.*/train-labels-idx1-ubyte: expected the published MD5 ${spec.md5["train-labels-idx1-ubyte"]}, got ${md5(other)}$`,
      ),
    ),
  });
  const dataset = await loadChanged({ "train-labels-idx1-ubyte": other }, true);
  expect(dataset).toMatchObject({
    verified: false,
    provenance: expect.stringContaining("Tiny: not verified: train-labels"),
  });
});

it.each<[string, Partial<Files>, string]>([
  [
    "images of another size",
    { "t10k-images-idx3-ubyte": idxBytes([2, 14, 56], Buffer.alloc(1568)) },
    "expected images of 28x28, got 14x56",
  ],
  [
    "no images",
    { "t10k-images-idx3-ubyte": idxBytes([0, 28, 28], Buffer.alloc(0)) },
    "expected at least one image, got none",
  ],
  [
    "too few labels",
    { "train-labels-idx1-ubyte": idxBytes([2], Buffer.alloc(2)) },
    "expected 3 labels, one for each image, got 2",
  ],
  [
    "a label out of range",
    { "train-labels-idx1-ubyte": idxBytes([3], Buffer.from([0, 10, 0])) },
    "train-labels-idx1-ubyte: expected labels 0 to 9, got 10 of image 1",
  ],
])("refuses %s, whatever is allowed", async (_, changes, message) => {
  await expect(loadChanged(changes, true)).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringContaining(message),
    hint: expect.stringContaining("get it again"),
  });
});
