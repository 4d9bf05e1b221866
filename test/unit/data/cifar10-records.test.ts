import { expect, it } from "vitest";
import { readRecords, RECORD_BYTES } from "../../../src/data/cifar10-records.ts";

const file = Uint8Array.from({ length: 3 * RECORD_BYTES }, (_, i) =>
  i % RECORD_BYTES === 0 ? i / RECORD_BYTES : i % 253,
);

async function* pieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

const target = (): { labels: Uint8Array; images: Uint8Array } => ({
  labels: new Uint8Array(3),
  images: new Uint8Array(3 * 3072),
});

it.each([1, 2, 3071, 3072, 3073, 3074, 5000, 10_000])("reads records from pieces of %i bytes", async (length) => {
  const { labels, images } = target();
  await readRecords({ name: "f", size: file.length, chunks: pieces(file, length) }, { labels, images });
  expect([...labels]).toEqual([0, 1, 2]);
  for (const record of [0, 1, 2]) {
    const expected = file.subarray(record * RECORD_BYTES + 1, (record + 1) * RECORD_BYTES);
    expect(Buffer.compare(images.subarray(record * 3072, (record + 1) * 3072), expected)).toBe(0);
  }
});

it("believes no size that the bytes do not have", async () => {
  const read = async (bytes: Uint8Array, size: number): Promise<void> =>
    readRecords({ name: "f", size, chunks: pieces(bytes, 4000) }, target());
  await expect(read(file, 9218)).rejects.toThrow("f: expected 9219 bytes, got 9218");
  await expect(read(file.subarray(0, -1), 9219)).rejects.toThrow("f: expected 9219 bytes, got 9218");
  await expect(read(Buffer.concat([file, Buffer.alloc(3)]), 9219)).rejects.toThrow("f: expected 9219 bytes, got 9222");
});
