/**
 * Exact copies: images with the same pixels, by their digests, whatever their names, files and classes are. Forgetting an image whose copy stays in what
 * the model is trained on forgets little; one in the test part makes the forgotten image a test image.
 */
import type { SplitManifest } from "../record/split.ts";
import type { Copies } from "../record/index.ts";
import type { HeldOut } from "./forget-list/index.ts";
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

/** Copies of what a request names that stay: ascending indices. */
export interface StayingCopies {
  /** Images to forget that have one: indices into the training part. */
  readonly forgotten: readonly number[];
  /** Of these, those with a copy that has another label. */
  readonly otherClass: readonly number[];
  /** How many images that a request leaves out or passes over have one. */
  readonly untrained: number;
  readonly retain: readonly number[];
  readonly validation: readonly number[];
  /** Into the test part, among the images that are tested on. */
  readonly test: readonly number[];
}

/**
 * Copies of what is forgotten or left out, wherever they stay, and of what is passed over where the model is trained on one.
 * @param untrained images of the request that the model was not trained on, whether the split leaves them out or not
 */
export function stayingCopies(
  parts: DigestedParts,
  split: Pick<SplitManifest, "indices" | "scenario">,
  untrained: HeldOut = { validation: [], test: [] },
): StayingCopies {
  const { train, test } = parts;
  const { indices } = split;
  const retained = [...indices.retain, ...(indices.withheld ?? [])].toSorted((a, b) => a - b);
  const originals = indicesByDigest(train, indices.forget);
  const heldOut = heldOutDigests(parts, split, untrained);
  const trained = new Set(retained.map((index) => packedKey(train.digests, index)));
  // What is passed over stays where it is: it counts as a copy only of what is forgotten or left out.
  const isCopy = (digest: string, index: number, passedOver: ReadonlySet<number>): boolean =>
    originals.has(digest) ||
    heldOut.leftOut.has(digest) ||
    (heldOut.passedOver.has(digest) && trained.has(digest) && !passedOver.has(index));
  const forgotten = new Set<number>();
  const otherClass = new Set<number>();
  const found = new Set<string>();
  const copiesIn = (part: DigestedPart, among: readonly number[], named: readonly number[] = []): number[] => {
    const passedOver = new Set(named);
    return among.filter((index) => {
      const digest = packedKey(part.digests, index);
      if (!isCopy(digest, index, passedOver)) return false;
      found.add(digest);
      for (const original of originals.get(digest) ?? []) {
        forgotten.add(original);
        if (part.labels[index] !== train.labels[original]) otherClass.add(original);
      }
      return true;
    });
  };
  const copies = {
    retain: copiesIn(train, retained),
    validation: copiesIn(train, indices.validation, untrained.validation),
    test: copiesIn(test, indices.test, untrained.test),
  };
  const untrainedOnes = [...heldOut.leftOut, ...heldOut.passedOver].filter(([digest]) => found.has(digest));
  const ascending = (set: ReadonlySet<number>): number[] => [...set].toSorted((a, b) => a - b);
  return {
    forgotten: ascending(forgotten),
    otherClass: ascending(otherClass),
    untrained: untrainedOnes.reduce((sum, [, count]) => sum + count, 0),
    ...copies,
  };
}

function indicesByDigest({ digests }: DigestedPart, indices: readonly number[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const index of indices) {
    const digest = packedKey(digests, index);
    const same = found.get(digest);
    if (same === undefined) found.set(digest, [index]);
    else same.push(index);
  }
  return found;
}

/** How many images of the request, by digest, that the model was not trained on: those that the split leaves out, and the others. */
function heldOutDigests(
  { train, test }: DigestedParts,
  { indices, scenario }: Pick<SplitManifest, "indices" | "scenario">,
  untrained: HeldOut,
): Record<"leftOut" | "passedOver", ReadonlyMap<string, number>> {
  const classes = new Set(scenario.kind === "class" ? scenario.classes : []);
  const isLeftOut = (scenario.kind === "class" || scenario.kind === "list") && scenario.leftOut !== undefined;
  const leftOut = new Map<string, number>();
  const passedOver = new Map<string, number>();
  const count = ({ digests }: DigestedPart, index: number, isOut: boolean): void => {
    const digest = packedKey(digests, index);
    const counts = isOut ? leftOut : passedOver;
    counts.set(digest, (counts.get(digest) ?? 0) + 1);
  };
  const out = new Set(indices.leftOut);
  for (const index of new Set([...out, ...untrained.validation])) count(train, index, out.has(index));
  const listed = new Set(untrained.test);
  for (let index = 0; index < test.labels.length; index++) {
    const isOfClass = classes.has(test.labels[index] ?? -1);
    if (isOfClass || listed.has(index)) count(test, index, isOfClass || isLeftOut);
  }
  return { leftOut, passedOver };
}

/** For the record. @returns undefined where there are none */
export function countsOf({ untrained, ...copies }: StayingCopies): Copies | undefined {
  const { forgotten, otherClass, retain, validation, test } = copies;
  if (forgotten.length + untrained === 0) return undefined;
  return {
    forgotten: forgotten.length,
    otherClass: otherClass.length,
    ...(untrained === 0 ? {} : { untrained }),
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
