import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { contentMd5, type IdxFile, readIdx } from "../../../src/data/idx.ts";
import { idxBytes } from "../../support/idx-bytes.ts";
import { specialFiles } from "../../support/special-files.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const images = idxBytes([2, 1, 3], Uint8Array.of(1, 2, 3, 4, 5, 255));

function written(bytes: Uint8Array): string {
  const path = join(temporaryFolder(), "some-idx3-ubyte");
  writeFileSync(path, bytes);
  return path;
}

async function read(bytes: Uint8Array, numSizes = 3): Promise<IdxFile> {
  return readIdx(written(bytes), numSizes);
}

it("reads sizes, data and the checksum of what is inside, gzipped or not", async () => {
  const md5 = createHash("md5").update(images).digest("hex");
  for (const bytes of [images, gzipSync(images), gzipSync(images, { level: 1 })]) {
    const file = await read(bytes);
    expect(file).toMatchObject({ sizes: [2, 1, 3], md5 });
    expect([...file.data]).toEqual([1, 2, 3, 4, 5, 255]);
    expect(await contentMd5(written(bytes))).toBe(md5);
  }
  expect(await read(idxBytes([0], new Uint8Array()), 1)).toMatchObject({ sizes: [0], data: { length: 0 } });
});

it.each([
  ["another magic number", idxBytes([2, 1, 3], new Uint8Array(6), 0x0d03), "expected the magic number 2051, got 3331"],
  ["a file of labels", idxBytes([6], new Uint8Array(9)), "expected the magic number 2051, got 2049"],
  ["half a header", images.subarray(0, 15), "expected a header of 16 bytes, got 15 bytes"],
  ["an empty file", new Uint8Array(), "expected a header of 16 bytes, got 0 bytes"],
  [
    "a count that is too large",
    idxBytes([3, 1, 3], new Uint8Array(6)),
    "expected 9 bytes after the header (3 x 1 x 3), got 6",
  ],
  [
    "a count that is too small",
    idxBytes([1, 1, 3], new Uint8Array(6)),
    "expected 3 bytes after the header (1 x 1 x 3), got 6",
  ],
  [
    "a gigantic count",
    idxBytes([4294967295, 65536, 65536], new Uint8Array(6)),
    "after the header (4294967295 x 65536 x 65536), got 6",
  ],
  [
    "gzip cut short",
    gzipSync(images).subarray(0, -9),
    "expected whole gzip data of at most 268435456 bytes, got an error",
  ],
])("refuses %s", async (_, bytes, message) => {
  await expect(read(bytes)).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringContaining(message),
    hint: expect.stringContaining("get it again"),
  });
});

it("refuses gzip data with a flipped bit", async () => {
  const zipped = gzipSync(images);
  zipped[zipped.length - 8] = (zipped[zipped.length - 8] ?? 0) ^ 1; // in the check sum
  await expect(read(zipped)).rejects.toMatchObject({ code: "E_DATA", message: expect.stringContaining("data check") });
});

it("refuses a small gzip file that would fill the memory", async () => {
  const bomb = gzipSync(Buffer.alloc(257 * 1024 * 1024), { level: 1 });
  await expect(read(bomb)).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringContaining("at most 268435456"),
  });
});

it.each(specialFiles)("refuses %s in the place of the file", async (what, make) => {
  const path = join(temporaryFolder(), "train-images-idx3-ubyte");
  make(path);
  const refused = { code: "E_DATA", message: `${path}: expected a file that can be read, got ${what}` };
  await expect(readIdx(path, 3)).rejects.toMatchObject(refused);
  await expect(contentMd5(path)).rejects.toMatchObject(refused);
});
