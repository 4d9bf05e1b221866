import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { findCifar10, loadCifar10 } from "../../../src/data/cifar10.ts";
import type { ImageDataset } from "../../../src/data/dataset.ts";
import { describeData, realCifar10Folder } from "../../support/data.ts";
import {
  archiveOf,
  type ArchiveEntry,
  batchBytes,
  goodEntries,
  goodFiles,
  layoutOf,
  md5,
  RECORD,
  RECORDS,
  writeBatches,
} from "../../support/small-cifar10.ts";
import { specialFiles } from "../../support/special-files.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const prefix = "cifar-10-batches-bin/";

/** Loads an archive of `entries`, its own checksum being the published one. */
async function loadEntries(entries: readonly ArchiveEntry[]): Promise<ImageDataset> {
  return loadArchive(await archiveOf(entries));
}

async function loadArchive(archive: Uint8Array, name = "cifar-10-binary.tar.gz"): Promise<ImageDataset> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), archive);
  return loadCifar10({ folder }, layoutOf(archive));
}

/** Loads a folder with `changes` made to its good files; null removes a file. */
async function loadChanged(changes: Record<string, Buffer | null>, allowUnverified = false): Promise<ImageDataset> {
  const folder = temporaryFolder();
  const contents = goodFiles();
  for (const [name, bytes] of Object.entries(changes)) {
    if (bytes === null) contents.delete(name);
    else contents.set(name, bytes);
  }
  writeBatches(folder, contents);
  return loadCifar10({ folder, allowUnverified }, layoutOf());
}

function expectGood(dataset: ImageDataset): void {
  expect(dataset).toMatchObject({ name: "cifar10", channels: 3, height: 32, width: 32, numClasses: 10 });
  expect(dataset).toMatchObject({ verified: true, provenance: null });
  expect([...dataset.train.labels]).toEqual([0, 1, 2, 3, 3, 4, 5, 6]);
  expect([...dataset.test.labels]).toEqual([6, 7, 8, 9]);
  expect(dataset.train.images).toHaveLength(8 * 3072);
  // record 1 of file 1, its three planes
  expect([0, 1023, 1024, 2048, 3071].map((i) => dataset.train.images[5 * 3072 + i])).toEqual([50, 50, 51, 52, 52]);
  expect([0, 3, 4, 7].map(dataset.train.ids)).toEqual([
    "data_batch_1/0",
    "data_batch_1/3",
    "data_batch_2/0",
    "data_batch_2/3",
  ]);
  expect(dataset.test.ids(2)).toBe("test_batch/2");
}

it("reads the archive, passing over other entries and a leading ./", async () => {
  const others: ArchiveEntry[] = [
    [{ name: prefix, type: "directory" }],
    [{ name: `${prefix}readme.html` }, Buffer.from("<html>")],
    [{ name: `${prefix}link`, type: "symlink", linkname: "/etc/passwd" }],
  ];
  const entries = goodEntries().map(([header, bytes]): ArchiveEntry => [{ name: `./${header.name}` }, bytes]);
  expectGood(await loadEntries([...others, ...entries.toReversed()]));
});

it("reads the extracted folder, named itself or the one above it", async () => {
  const folder = temporaryFolder();
  writeBatches(folder, goodFiles());
  expectGood(await loadCifar10({ folder }, layoutOf()));
  expectGood(await loadCifar10({ folder: join(folder, "cifar-10-batches-bin") }, layoutOf()));
});

it("has one digest for archive and folder, and another for other pixels or labels", async () => {
  const { digest } = await loadChanged({});
  expect((await loadEntries(goodEntries())).digest).toBe(digest);
  for (const offset of [0, 1]) {
    const bytes = batchBytes(0);
    bytes[offset] = (bytes[offset] ?? 0) + 1;
    expect((await loadChanged({ "data_batch_1.bin": bytes }, true)).digest).not.toBe(digest);
  }
});

it("keeps the first records on request", async () => {
  const folder = temporaryFolder();
  writeBatches(folder, goodFiles());
  const dataset = await loadCifar10({ folder, numTrain: 5, numTest: 1 }, layoutOf());
  expect([...dataset.train.labels]).toEqual([0, 1, 2, 3, 3]);
  expect(dataset.train).toMatchObject({ count: 5, images: { length: 5 * 3072, buffer: { byteLength: 5 * 3072 } } });
  expect(dataset.test).toMatchObject({ count: 1, images: { length: 3072 } });
  await expect(loadCifar10({ folder, numTrain: 9 }, layoutOf())).rejects.toThrow("numTrain: expected an integer");
});

it("finds archive and folder in the places it is usually kept", () => {
  const folder = temporaryFolder();
  expect(findCifar10(folder)).toBeUndefined();
  expect(findCifar10(join(folder, "absent"))).toBeUndefined();
  mkdirSync(join(folder, "cifar-10"));
  writeFileSync(join(folder, "cifar-10", "cifar-10-binary.tar.gz"), "");
  expect(findCifar10(folder)).toBe(join(folder, "cifar-10", "cifar-10-binary.tar.gz"));
  renameSync(join(folder, "cifar-10"), join(folder, "cifar10"));
  const archive = join(folder, "cifar10", "cifar-10-binary.tar.gz");
  expect(findCifar10(folder)).toBe(archive);
  expect(findCifar10(archive)).toBe(archive);
});

it("says where it looked for a missing data set and how to get it", async () => {
  const folder = temporaryFolder();
  await expect(loadCifar10({ folder })).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringContaining(`CIFAR-10: expected its files in one of ${join(folder, "cifar10")}`),
    hint: expect.stringContaining("coppice data get cifar10"),
  });
});

it("refuses files that are not the published ones, unless told otherwise, and then says so once", async () => {
  const bytes = batchBytes(1);
  bytes[700] = 99;
  const published = md5(batchBytes(1));
  const note = `data_batch_2.bin has MD5 ${md5(bytes)}, published ${published}`;
  await expect(loadChanged({ "data_batch_2.bin": bytes })).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringMatching(
      new RegExp(`^/.*/data_batch_2.bin: expected the published MD5 ${published}, got ${md5(bytes)}$`),
    ),
    hint: expect.stringContaining("--allow-unverified"),
  });
  const folder = temporaryFolder();
  writeBatches(folder, goodFiles().set("data_batch_2.bin", bytes));
  const log: string[] = [];
  const options = { folder, allowUnverified: true, log: (line: string) => log.push(line) };
  const dataset = await loadCifar10(options, layoutOf());
  expect(dataset).toMatchObject({ verified: false, provenance: `CIFAR-10: not verified: ${note}` });
  expect(log).toEqual([dataset.provenance]);
});

it("refuses an archive that is not the published one", async () => {
  const folder = temporaryFolder();
  const archive = await archiveOf(goodEntries());
  writeFileSync(join(folder, "cifar-10-binary.tar.gz"), archive);
  const layout = layoutOf(Buffer.from("another"));
  await expect(loadCifar10({ folder }, layout)).rejects.toMatchObject({
    code: "E_DATA",
    message: `${join(folder, "cifar-10-binary.tar.gz")}: expected the published MD5 ${layout.archiveMd5}, got ${md5(archive)}`,
  });
  expect(await loadCifar10({ folder, allowUnverified: true }, layout)).toMatchObject({ verified: false });
});

it("names what is missing", async () => {
  await expect(loadChanged({ "data_batch_2.bin": null })).rejects.toThrow("expected it to hold data_batch_2.bin");
  await expect(loadChanged({ "batches.meta.txt": null })).rejects.toThrow("expected it to hold batches.meta.txt");
  const entries = goodEntries().filter(([{ name }]) => !name.includes("test_batch"));
  await expect(loadEntries(entries)).rejects.toThrow("expected it to hold test_batch.bin");
});

it.each([
  ["truncated", batchBytes(0).subarray(0, -1)],
  ["oversized", Buffer.concat([batchBytes(0), Buffer.alloc(1)])],
  ["empty", Buffer.alloc(0)],
])("refuses a file that is %s, whatever is allowed", async (_, bytes) => {
  const message = `data_batch_1.bin: expected ${RECORDS * RECORD} bytes, got ${bytes.length}`;
  await expect(loadChanged({ "data_batch_1.bin": bytes }, true)).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringContaining(message),
  });
  const entries = goodEntries().map((entry): ArchiveEntry => {
    return entry[0].name.endsWith("data_batch_1.bin") ? [entry[0], bytes] : entry;
  });
  await expect(loadEntries(entries)).rejects.toThrow(message);
});

it("names file and record of a label out of range", async () => {
  const bytes = batchBytes(0);
  bytes[2 * RECORD] = 10;
  await expect(loadChanged({ "data_batch_1.bin": bytes }, true)).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringMatching(/data_batch_1\.bin: expected labels 0 to 9, got 10 in record 2$/),
  });
});

it("refuses other class names", async () => {
  await expect(loadChanged({ "batches.meta.txt": Buffer.from("cat\ndog\n") }, true)).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringMatching(/expected the class names airplane .* truck, got "cat dog"$/),
  });
});

it.each(["../x", "/etc/x", "cifar-10-batches-bin/../../x", "..\\x", "C:\\x"])(
  "refuses an archive with the entry %s",
  async (name) => {
    await expect(loadEntries([...goodEntries(), [{ name }, Buffer.from("x")]])).rejects.toMatchObject({
      code: "E_DATA",
      message: expect.stringContaining(`expected entries inside the archive's own folder, got ${JSON.stringify(name)}`),
    });
  },
);

it("refuses an archive that names a file twice", async () => {
  const entries = [...goodEntries(), [{ name: `./${prefix}test_batch.bin` }, batchBytes(2)] as const];
  await expect(loadEntries(entries)).rejects.toThrow(`expected every file once, got ${prefix}test_batch.bin twice`);
});

it("refuses archives that are damaged, cut short or no archives", async () => {
  const archive = await archiveOf(goodEntries());
  const flipped = Buffer.from(archive);
  flipped[archive.length >> 1] = (flipped[archive.length >> 1] ?? 0) ^ 0x10;
  const broken = [flipped, archive.subarray(0, -20), archive.subarray(0, 5), Buffer.from("text"), Buffer.alloc(0)];
  for (const bytes of [...broken, gzipSync("no tar"), gzipSync(Buffer.alloc(2048, 7))]) {
    await expect(loadArchive(bytes)).rejects.toMatchObject({
      code: "E_DATA",
      hint: expect.stringMatching(/get (it|them) again/),
    });
  }
});

describe.each(specialFiles)("%s", (what, make) => {
  it.each(["data_batch_1.bin", "test_batch.bin", "batches.meta.txt"])("in the place of %s is refused", async (name) => {
    const folder = temporaryFolder();
    writeBatches(folder, goodFiles());
    const path = join(folder, "cifar-10-batches-bin", name);
    rmSync(path);
    make(path);
    await expect(loadCifar10({ folder }, layoutOf())).rejects.toMatchObject({
      code: "E_DATA",
      message: `${path}: expected a file that can be read, got ${what}`,
    });
  });

  it("in the place of the data folder or the archive is refused", async () => {
    const folder = join(temporaryFolder(), "it");
    make(folder);
    await expect(loadCifar10({ folder })).rejects.toMatchObject({ code: "E_DATA" });
    const archive = join(temporaryFolder(), "cifar-10-binary.tar.gz");
    make(archive);
    await expect(loadCifar10({ folder: join(archive, "..") })).rejects.toMatchObject({ code: "E_DATA" });
  });
});

describeData("the real CIFAR-10", () => {
  it("is read whole, in the official order", { timeout: 120_000 }, async () => {
    const folder = realCifar10Folder() ?? "";
    const dataset = await loadCifar10({ folder, allowUnverified: true });
    expect([dataset.train.count, dataset.test.count]).toEqual([50_000, 10_000]);
    expect([...dataset.train.labels.subarray(0, 10)]).toEqual([6, 9, 9, 4, 1, 1, 2, 7, 8, 3]);
    expect([...dataset.test.labels.subarray(0, 10)]).toEqual([3, 8, 8, 0, 6, 6, 1, 6, 3, 1]);
    const perClass = new Array<number>(10).fill(0);
    for (const label of dataset.train.labels) perClass[label] = (perClass[label] ?? 0) + 1;
    expect(perClass).toEqual(new Array(10).fill(5000));
    expect(dataset.train.ids(49_999)).toBe("data_batch_5/9999");
    // the mean of all training pixels, as published for normalisation
    for (const [channel, expected] of dataset.mean.entries()) {
      let sum = 0;
      for (let image = 0; image < 50_000; image++) {
        const start = image * 3072 + channel * 1024;
        for (let i = start; i < start + 1024; i++) sum += dataset.train.images[i] ?? 0;
      }
      expect(sum / (50_000 * 1024 * 255)).toBeCloseTo(expected, 3);
    }
  });
});
