import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countsOf, repeatedImages, stayingCopies } from "../../../src/data/copies.ts";
import { listingOf } from "../../../src/data/listing.ts";
import { makeBaseSplit } from "../../../src/data/split.ts";
import type { SplitManifest } from "../../../src/record/split.ts";
import { type TinyFile, tinyImages } from "../../support/tiny-images.ts";

const parts = fc.record({
  train: fc.array(fc.record({ pixel: fc.integer({ min: 0, max: 9 }), of: fc.constantFrom("a", "b"), to: fc.nat(3) }), {
    minLength: 1,
    maxLength: 20,
  }),
  test: fc.array(fc.record({ pixel: fc.integer({ min: 0, max: 9 }), of: fc.constantFrom("a", "b"), to: fc.nat(1) }), {
    minLength: 1,
    maxLength: 8,
  }),
});

type Parts = typeof parts extends fc.Arbitrary<infer T> ? T : never;

function made({ train, test }: Parts): { readonly files: TinyFile[]; readonly indices: SplitManifest["indices"] } {
  const files = (["train", "test"] as const).flatMap((part) =>
    ({ train, test })[part].map(({ pixel, of }, i): TinyFile => ({ part, of, name: `${i}`, pixel })),
  );
  const at = (to: number): number[] => train.flatMap((each, i) => (each.to === to ? [i] : []));
  const indices = {
    train: [...at(0), ...at(1), ...at(3)].toSorted((a, b) => a - b),
    forget: at(0),
    retain: at(1),
    validation: at(2),
    withheld: at(3),
    test: test.flatMap(({ to }, i) => (to === 0 ? [i] : [])),
  };
  return { files, indices };
}

describe("copies of images to forget that stay", () => {
  it("are those that comparing all pixels with all others finds, with salted digests as with plain ones", () => {
    fc.assert(
      fc.property(parts, (drawn) => {
        const { files, indices } = made(drawn);
        const { train, test } = drawn;
        const forgotten = indices.forget.map((index) => train[index]);
        const isCopy = ({ pixel }: { pixel: number }): boolean => forgotten.some((each) => each?.pixel === pixel);
        const among = (set: readonly { pixel: number }[], list: readonly number[]): number[] =>
          list.filter((index) => isCopy(set[index] ?? { pixel: -1 }));
        const stay = [
          ...[...indices.retain, ...(indices.withheld ?? []), ...indices.validation].map((i) => train[i]),
          ...indices.test.map((i) => test[i]),
        ];
        const expected = {
          forgotten: indices.forget.filter((index) => stay.some((each) => each?.pixel === train[index]?.pixel)),
          otherClass: indices.forget.filter((index) =>
            stay.some((each) => each?.pixel === train[index]?.pixel && each?.of !== train[index]?.of),
          ),
          retain: among(
            train,
            [...indices.retain, ...(indices.withheld ?? [])].toSorted((a, b) => a - b),
          ),
          validation: among(train, indices.validation),
          test: among(test, indices.test),
        };
        const dataset = tinyImages(files);
        expect(stayingCopies(dataset, { indices })).toEqual(expected);
        expect(stayingCopies(listingOf(dataset, 1), { indices })).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("are counted for the record, where there are any", () => {
    const none = { forgotten: [], otherClass: [], retain: [], validation: [], test: [] };
    expect(countsOf(none)).toBeUndefined();
    expect(countsOf({ forgotten: [1, 2], otherClass: [2], retain: [3, 4, 5], validation: [], test: [0] })).toEqual({
      forgotten: 2,
      otherClass: 1,
      train: 3,
      validation: 0,
      test: 1,
    });
  });
});

it("counts the images that stand in two classes, and those in both parts", () => {
  const of = (part: TinyFile["part"], name: string, pixel: number): TinyFile => ({
    part,
    of: name,
    name: `${pixel}${Math.random()}`,
    pixel,
  });
  const files = [
    of("train", "a", 1),
    of("train", "a", 1),
    of("train", "b", 2),
    of("train", "a", 2),
    of("train", "a", 2),
    of("test", "a", 1),
    of("test", "b", 3),
    of("test", "b", 3),
  ];
  expect(repeatedImages(tinyImages(files))).toEqual({ inTwoClasses: 1, inBothParts: 1 });
  const split = makeBaseSplit(tinyImages(files), { seed: 1, validationFraction: 0 });
  expect(stayingCopies(tinyImages(files), split).forgotten).toEqual([]);
});
