/**
 * Exact copies: images with the same pixels, by their digests, whatever their names, files and classes are. Forgetting an image whose copy stays in what
 * the model is trained on forgets little; one in the test part makes the forgotten image a test image.
 */
import type { SplitManifest } from "../record/split.ts";
import type { Copies } from "../record/index.ts";
import { packedKey } from "./listing.ts";

/** Digests and labels of both parts. Salted digests do as well: equal images have equal ones. */
export interface DigestedParts {
  readonly train: DigestedPart;
  readonly test: DigestedPart;
}

interface DigestedPart {
  /** uint8 [N, 16]. */
  readonly digests: Uint8Array;
  /** [N]. */
  readonly labels: ArrayLike<number>;
}

/** Copies of images to forget that are not forgotten themselves: ascending indices. */
export interface StayingCopies {
  /** Images to forget that have one: indices into the training part. */
  readonly forgotten: readonly number[];
  /** Of these, those with a copy that has another label. */
  readonly otherClass: readonly number[];
  readonly retain: readonly number[];
  readonly validation: readonly number[];
  /** Into the test part, among the images that are tested on. */
  readonly test: readonly number[];
}

export function stayingCopies(parts: DigestedParts, { indices }: Pick<SplitManifest, "indices">): StayingCopies {
  const { train, test } = parts;
  const wanted = new Map<string, number[]>();
  for (const index of indices.forget) {
    const digest = packedKey(train.digests, index);
    wanted.set(digest, [...(wanted.get(digest) ?? []), index]);
  }
  const forgotten = new Set<number>();
  const otherClass = new Set<number>();
  const copiesIn = ({ digests, labels }: DigestedPart, among: readonly number[]): number[] =>
    among.filter((index) => {
      const originals = wanted.get(packedKey(digests, index));
      for (const original of originals ?? []) {
        forgotten.add(original);
        if (labels[index] !== train.labels[original]) otherClass.add(original);
      }
      return originals !== undefined;
    });
  const retained = [...indices.retain, ...(indices.withheld ?? [])].toSorted((a, b) => a - b);
  const found = {
    retain: copiesIn(train, retained),
    validation: copiesIn(train, indices.validation),
    test: copiesIn(test, indices.test),
  };
  const ascending = (set: ReadonlySet<number>): number[] => [...set].toSorted((a, b) => a - b);
  return { forgotten: ascending(forgotten), otherClass: ascending(otherClass), ...found };
}

/** For the record. @returns undefined where there are none */
export function countsOf({ forgotten, otherClass, retain, validation, test }: StayingCopies): Copies | undefined {
  if (forgotten.length === 0) return undefined;
  return {
    forgotten: forgotten.length,
    otherClass: otherClass.length,
    train: retain.length,
    validation: validation.length,
    test: test.length,
  };
}

/** What a data set itself repeats: numbers of different images. */
export interface RepeatedImages {
  /** That stand in two classes or more, in whichever part. */
  readonly inTwoClasses: number;
  /** That are in the training part and in the test part. */
  readonly inBothParts: number;
}

export function repeatedImages({ train, test }: DigestedParts): RepeatedImages {
  const seen = new Map<
    string,
    { readonly label: number; readonly inTrain: boolean; twoClasses: boolean; both: boolean }
  >();
  for (const [inTrain, { digests, labels }] of [
    [true, train],
    [false, test],
  ] as const) {
    for (let index = 0; index < labels.length; index++) {
      const digest = packedKey(digests, index);
      const label = labels[index] ?? -1;
      const first = seen.get(digest);
      if (first === undefined) seen.set(digest, { label, inTrain, twoClasses: false, both: false });
      else {
        first.twoClasses ||= first.label !== label;
        first.both ||= first.inTrain && !inTrain;
      }
    }
  }
  const all = [...seen.values()];
  return {
    inTwoClasses: all.filter(({ twoClasses }) => twoClasses).length,
    inBothParts: all.filter(({ both }) => both).length,
  };
}
