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

const scenario = { kind: "none" } as const;

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
          untrained: 0,
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
        expect(stayingCopies(dataset, { indices, scenario })).toEqual(expected);
        expect(stayingCopies(listingOf(dataset, 1), { indices, scenario })).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("are counted for the record, where there are any", () => {
    const none = { forgotten: [], otherClass: [], untrained: 0, retain: [], validation: [], test: [] };
    expect(countsOf(none)).toBeUndefined();
    expect(countsOf({ ...none, untrained: 2, retain: [4] })).toMatchObject({ forgotten: 0, untrained: 2, train: 1 });
    expect(countsOf({ ...none, forgotten: [1, 2], otherClass: [2], retain: [3, 4, 5], test: [0] })).toEqual({
      forgotten: 2,
      otherClass: 1,
      train: 3,
      validation: 0,
      test: 1,
    });
  });
});

describe("copies of images that were not trained on", () => {
  const of = (part: TinyFile["part"], pixel: number, i: number, name = "a"): TinyFile => ({
    part,
    of: name,
    name: `${i}`,
    pixel,
  });
  // Train: forgotten 9; retained 1, 2 and 3; held out 1, 2, 2 and 5. Test: 1, 3, 5, 6 of a, 7 of b.
  const files = [
    ...[9, 1, 2, 3, 1, 2, 2, 5].map((pixel, i) => of("train", pixel, i)),
    ...[1, 3, 5, 6].map((pixel, i) => of("test", pixel, i)),
    of("test", 7, 4, "b"),
    of("train", 7, 8),
  ];
  const dataset = tinyImages(files);
  const indices = {
    train: [0, 1, 2, 3, 8],
    forget: [0],
    retain: [1, 2, 3, 8],
    validation: [4, 5, 6, 7],
    test: [0, 1, 2, 3, 4],
  };
  const list = { kind: "list", source: "ids.csv", count: 1, sha256: "0".repeat(64) } as const;

  it("count wherever they stay, where the request leaves such images out", () => {
    const split = {
      scenario: { ...list, leftOut: { validation: 1, test: 1 } },
      indices: { ...indices, validation: [4, 6, 7], leftOut: [5], test: [0, 2, 3, 4] },
    };
    expect(stayingCopies(dataset, split, { validation: [5], test: [1] })).toEqual({
      forgotten: [],
      otherClass: [],
      untrained: 2,
      retain: [2, 3],
      validation: [6],
      test: [],
    });
  });

  it("count where the model is trained on one, where such images are passed over; these are no copies themselves", () => {
    const split = { scenario: list, indices };
    const untrained = { validation: [4, 7], test: [1, 3] };
    const copies = stayingCopies(dataset, split, untrained);
    expect(copies).toEqual({ forgotten: [], otherClass: [], untrained: 2, retain: [1, 3], validation: [], test: [0] });
    const forgotten = { ...indices, forget: [0, 1, 3], retain: [2, 8] };
    const after = stayingCopies(dataset, { scenario: list, indices: forgotten }, untrained);
    expect([after.validation, after.test]).toEqual([[4], [0, 1]]);
  });

  it("count where a class leaves the test part, also where a search hides that part", () => {
    const split = { scenario: { kind: "class", classes: [1] } as const, indices: { ...indices, test: [0, 1, 2, 3] } };
    expect(stayingCopies(dataset, split)).toMatchObject({ untrained: 1, retain: [8] });
    const hidden = { ...split, indices: { ...indices, test: [] } };
    expect(stayingCopies(listingOf(dataset, 1), hidden)).toMatchObject({ untrained: 1, retain: [8] });
    const unlisted = { ...dataset, test: { digests: new Uint8Array(), labels: [] } };
    expect(stayingCopies(unlisted, hidden, { validation: [], test: [1] }).retain).toEqual([]);
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
