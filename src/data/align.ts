/**
 * Data as they are today, in the order that a run counts in: an image is found by the salted digest of its id, never by its place in a folder, which files
 * that come and go would shift. Images that the run does not know are left out; those of it that are missing or changed keep their place, without pixels.
 */
import type { ListedPart, Listing } from "../record/records.ts";
import { defined } from "../util/defined.ts";
import { labelsFor } from "./class-subset.ts";
import type { DigestedSet, ImageDataset } from "./dataset.ts";
import { DIGEST_BYTES } from "./image-digest.ts";
import { packedKey, saltedDigest, saltedKey } from "./listing.ts";

/** No image has the id; or it has other pixels, or another class. */
export type Absence = "missing" | "changed";

/** Images of a run that the data do not have any more, by index. Their pixels are zeros, and nothing may read them. */
export interface AbsentImages {
  readonly train: ReadonlyMap<number, Absence>;
  readonly test: ReadonlyMap<number, Absence>;
}

export interface AlignedDataset {
  /** With labels, places and statistics as they were listed; its digest is that of the listing. */
  readonly dataset: ImageDataset;
  readonly absent: AbsentImages;
  /** How many images of today's data the listing does not know. */
  readonly added: number;
}

/** `dataset` as the run with this `listing` and these `classNames`, by label, knows it. */
export function alignDataset(dataset: ImageDataset, listing: Listing, classNames: readonly string[]): AlignedDataset {
  const { salt, mean, std } = listing;
  const bytes = dataset.channels * dataset.height * dataset.width;
  const part = (name: "train" | "test"): AlignedSet =>
    alignSet(dataset[name], listing[name], { salt, name, bytes, classNames, today: dataset.classNames });
  const [train, test] = [part("train"), part("test")];
  const known = { classNames, numClasses: classNames.length, mean, std, digest: listing.dataset.digest };
  return {
    dataset: { ...dataset, ...known, train: train.set, test: test.set },
    absent: { train: train.absent, test: test.absent },
    added: train.added + test.added,
  };
}

interface AlignedSet {
  readonly set: DigestedSet;
  readonly absent: ReadonlyMap<number, Absence>;
  readonly added: number;
}

interface Known {
  readonly salt: string;
  readonly name: "train" | "test";
  /** Of an image. */
  readonly bytes: number;
  /** Of the listing, and of today's data. */
  readonly classNames: readonly string[];
  readonly today: readonly string[];
}

function alignSet(set: DigestedSet, listed: ListedPart, known: Known): AlignedSet {
  const { salt, name, bytes, classNames, today } = known;
  const byKey = new Map(Array.from({ length: listed.count }, (_, index) => [packedKey(listed.keys, index), index]));
  const placeOf = (id: string): number | undefined => byKey.get(packedKey(saltedKey(salt, id), 0));
  const images = new Uint8Array(listed.count * bytes);
  const digests = new Uint8Array(listed.count * DIGEST_BYTES);
  const labels = labelsFor(listed.count, classNames.length);
  labels.set(listed.labels);
  const absent = new Map<number, Absence>();
  for (let index = 0; index < listed.count; index++) absent.set(index, "missing");
  const ids = Array.from({ length: listed.count }, (_, index) => `${name} image ${index}, which is gone`);
  let added = 0;
  for (let from = 0; from < set.count; from++) {
    const id = set.ids(from);
    const index = placeOf(id);
    if (index === undefined) {
      added++;
      continue;
    }
    ids[index] = id;
    const sameClass = today[set.labels[from] ?? -1] === classNames[listed.labels[index] ?? -1];
    if (!sameClass || packedKey(saltedDigest(salt, set.digests, from), 0) !== packedKey(listed.digests, index)) {
      absent.set(index, "changed");
      continue;
    }
    absent.delete(index);
    images.set(set.images.subarray(from * bytes, (from + 1) * bytes), index * bytes);
    digests.set(set.digests.subarray(from * DIGEST_BYTES, (from + 1) * DIGEST_BYTES), index * DIGEST_BYTES);
  }
  const { positions } = listed;
  const places = positions && ((index: number): number => positions[index] ?? index);
  const aligned = { images, labels, digests, count: listed.count, ids: (index: number) => ids[index] ?? "" };
  return { set: { ...aligned, find: placeOf, ...defined({ positions: places }) }, absent, added };
}
