/** Takes images along with a request to forget: those of the training part are forgotten too, on those held out nothing is measured any more. */
import { sealSplit, type SplitManifest } from "../record/split.ts";
import { CoppiceError } from "../util/errors.ts";

/** Indices of images to take along, each among those of its part. */
export interface TakenAlong {
  /** Into the training part. */
  readonly retain: readonly number[];
  readonly validation: readonly number[];
  /** Into the test part. */
  readonly test: readonly number[];
}

/**
 * The split with the images of `taken` taken along, and how many of each part noted.
 * @throws CoppiceError E_DATA where no image would be left to retain
 */
export function takeAlong(split: SplitManifest, why: "copies" | "missing", taken: TakenAlong): SplitManifest {
  const { retain, validation, test } = taken;
  if (retain.length + validation.length + test.length === 0) return split;
  const { baseHash: _base, hash: _hash, ...content } = split;
  const { indices, along } = content;
  const before = along?.[why];
  const without = (all: readonly number[], gone: readonly number[]): number[] => {
    const left = new Set(gone);
    return all.filter((index) => !left.has(index));
  };
  const joined = (...lists: (readonly number[])[]): number[] => lists.flat().toSorted((a, b) => a - b);
  const kept = without(indices.retain, retain);
  if (kept.length === 0) {
    throw new CoppiceError("E_DATA", `${why} taken along: expected images to be left to retain, got none`, {
      hint: "forget fewer images; to forget everything, train a new model on other data",
    });
  }
  const leftOut = joined(indices.leftOut ?? [], validation);
  return sealSplit({
    ...content,
    along: {
      ...along,
      [why]: {
        train: (before?.train ?? 0) + retain.length,
        validation: (before?.validation ?? 0) + validation.length,
        test: (before?.test ?? 0) + test.length,
      },
    },
    indices: {
      ...indices,
      forget: joined(indices.forget, retain),
      retain: kept,
      validation: without(indices.validation, validation),
      test: without(indices.test, test),
      ...(leftOut.length === 0 ? {} : { leftOut }),
    },
  });
}
