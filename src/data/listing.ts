/**
 * Which images a run is made with: a salted digest of the id and of the pixels of each, in the order that its split counts in.
 *
 * The salt follows from the data and the seed of the split, so that a run that is made again has the same bytes; runs of other seeds have other salts, so
 * that files of two runs cannot be joined by what stands in them.
 */
import { createHash, createHmac } from "node:crypto";
import { type ListedPart, type Listing, SALTED_BYTES } from "../record/records.ts";
import { defined } from "../util/defined.ts";
import { sha256Hex } from "../util/hash.ts";
import type { DigestedSet, ImageDataset } from "./dataset.ts";
import { DIGEST_BYTES } from "./image-digest.ts";

/** A data set without its images: what a listing is made from. */
export interface ListedDataset extends Pick<ImageDataset, "name" | "digest" | "mean" | "std"> {
  readonly train: ListedSet;
  readonly test: ListedSet;
}

type ListedSet = Omit<DigestedSet, "images">;

/** `dataset` without its images, which can then be freed. */
export function withoutImages({ name, digest, mean, std, train, test }: ImageDataset): ListedDataset {
  const kept = ({ images: _images, ...set }: DigestedSet): ListedSet => set;
  return { name, digest, mean, std, train: kept(train), test: kept(test) };
}

/** The listing of `dataset`. @param seed of the split */
export function listingOf(dataset: ListedDataset, seed: number): Listing {
  const { name, digest, mean, std, train, test } = dataset;
  const salt = sha256Hex(`coppice records ${digest} ${seed}`);
  return {
    dataset: { name, digest },
    salt,
    mean: [...mean],
    std: [...std],
    train: listPart(train, salt),
    test: listPart(test, salt),
  };
}

function listPart(set: ListedSet, salt: string): ListedPart {
  const { count, labels, ids, digests, positions } = set;
  const keys = new Uint8Array(count * SALTED_BYTES);
  const salted = new Uint8Array(count * SALTED_BYTES);
  for (let index = 0; index < count; index++) {
    keys.set(saltedKey(salt, ids(index)), index * SALTED_BYTES);
    salted.set(saltedDigest(salt, digests, index), index * SALTED_BYTES);
  }
  const places = positions && Array.from({ length: count }, (_, index) => positions(index));
  const moved = places?.some((place, index) => place !== index) === true ? places : undefined;
  return { count, keys, digests: salted, labels: [...labels], ...defined({ positions: moved }) };
}

/** What stands for an id in a listing. */
export function saltedKey(salt: string, id: string): Uint8Array {
  return salted(salt, Buffer.from(`id ${id}`));
}

/** What stands for image `index` in a listing. @param digests uint8 [N, DIGEST_BYTES] */
export function saltedDigest(salt: string, digests: Uint8Array, index: number): Uint8Array {
  return salted(salt, digests.subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES));
}

function salted(salt: string, bytes: Uint8Array): Uint8Array {
  return createHmac("sha256", Buffer.from(salt, "hex")).update(bytes).digest().subarray(0, SALTED_BYTES);
}

/** The `index`-th of packed digests or keys of 16 bytes as a text, to be looked up by. */
export function packedKey(packed: Uint8Array, index: number): string {
  const { buffer, byteOffset } = packed;
  return Buffer.from(buffer, byteOffset + index * SALTED_BYTES, SALTED_BYTES).toString("latin1");
}

/** SHA-256 in hexadecimal of a part's labels and digests, in their order. */
export function partDigest({ count, labels, digests }: Pick<DigestedSet, "count" | "labels" | "digests">): string {
  return createHash("sha256").update(`${count}\n`).update(labelBytes(labels)).update(digests).digest("hex");
}

/** Two bytes a label, the low one first, whatever the type of the labels. */
export function labelBytes(labels: Iterable<number> & { readonly length: number }): Uint8Array {
  const bytes = Buffer.alloc(labels.length * 2);
  let at = 0;
  for (const label of labels) at = bytes.writeUInt16LE(label, at);
  return bytes;
}
