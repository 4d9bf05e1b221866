import { createHash, createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { listingOf, packedKey, partDigest, saltedKey, withoutImages } from "../../../src/data/listing.ts";
import { recordsText } from "../../../src/record/records.ts";
import { type TinyFile, tinyImages } from "../../support/tiny-images.ts";

const files: TinyFile[] = [
  { part: "train", of: "cat", name: "1.png", pixel: 7 },
  { part: "train", of: "dog", name: "1.png", pixel: 8 },
  { part: "train", of: "dog", name: "2.png", pixel: 7 },
  { part: "test", of: "cat", name: "9.png", pixel: 7 },
];
const listing = listingOf(tinyImages(files), 3);
const hmac = (bytes: string | Uint8Array): string =>
  createHmac("sha256", Buffer.from(listing.salt, "hex")).update(bytes).digest().subarray(0, 16).toString("latin1");

it("has a salted digest of each id and of each image, in their order", () => {
  const ids = ["train/cat/1.png", "train/dog/1.png", "train/dog/2.png"];
  expect(ids.map((_, index) => packedKey(listing.train.keys, index))).toEqual(ids.map((id) => hmac(`id ${id}`)));
  const image = createHash("sha256").update("1x1x1\n").update(Uint8Array.of(7)).digest().subarray(0, 16);
  expect([0, 2].map((index) => packedKey(listing.train.digests, index))).toEqual([hmac(image), hmac(image)]);
  expect(packedKey(listing.test.digests, 0)).toBe(hmac(image));
  expect(packedKey(saltedKey(listing.salt, "train/dog/2.png"), 0)).toBe(packedKey(listing.train.keys, 2));
  expect([listing.train.labels, listing.test.labels, listing.mean, listing.std]).toEqual([
    [0, 1, 1],
    [0],
    [0.5],
    [0.25],
  ]);
});

it("is the same for the same data and seed, and has another salt for others", () => {
  expect(listingOf(withoutImages(tinyImages(files)), 3)).toEqual(listing);
  const salts = [listing, listingOf(tinyImages(files), 4), listingOf(tinyImages(files.slice(1)), 3)].map(
    ({ salt }) => salt,
  );
  expect(new Set(salts).size).toBe(3);
});

it("names no image and no file", () => {
  const text = recordsText(listing);
  for (const word of ["cat", "dog", ".png", "train/"]) expect(text).not.toContain(word);
});

it("keeps the places in the whole part, where some were chosen", () => {
  expect(listing.train.positions).toBeUndefined();
  const only = (_part: string, id: string): boolean => id !== "train/cat/1.png";
  expect(listingOf(tinyImages(files, { only }), 3).train.positions).toEqual([1, 2]);
});

it("has a digest of each part, of labels and images", () => {
  const { train } = tinyImages(files);
  const expected = createHash("sha256")
    .update("3\n")
    .update(Uint8Array.of(0, 0, 1, 0, 1, 0))
    .update(train.digests);
  expect(partDigest(train)).toBe(expected.digest("hex"));
  expect(partDigest({ ...train, labels: Uint16Array.from(train.labels) })).toBe(partDigest(train));
  expect(partDigest({ ...train, labels: Uint8Array.of(1, 1, 1) })).not.toBe(partDigest(train));
});
