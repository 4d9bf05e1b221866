import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alignDataset } from "../../../src/data/align.ts";
import { listingOf } from "../../../src/data/listing.ts";
import { idOf, type TinyFile, tinyImages } from "../../support/tiny-images.ts";

const files: TinyFile[] = [
  { part: "train", of: "cat", name: "1.png", pixel: 1 },
  { part: "train", of: "dog", name: "1.png", pixel: 2 },
  { part: "train", of: "cat", name: "2.png", pixel: 3 },
  { part: "test", of: "cat", name: "1.png", pixel: 4 },
  { part: "test", of: "dog", name: "1.png", pixel: 5 },
];
const dataset = tinyImages(files);
const listing = listingOf(dataset, 1);
const align = (today: readonly TinyFile[]): ReturnType<typeof alignDataset> =>
  alignDataset(tinyImages(today), listing, dataset.classNames);

describe("data as a run knows them", () => {
  it("are the same whatever was moved or has come, a class before the others too", () => {
    const added: TinyFile[] = [
      { part: "train", of: "ant", name: "1.png", pixel: 9 },
      { part: "train", of: "cat", name: "0.png", pixel: 1 },
    ];
    const aligned = align([...added, ...files.toReversed()]);
    expect([aligned.added, aligned.absent.train.size, aligned.absent.test.size]).toEqual([2, 0, 0]);
    for (const part of ["train", "test"] as const) {
      const { images, labels, digests, count, ids } = aligned.dataset[part];
      expect([images, labels, digests, count]).toEqual([
        dataset[part].images,
        dataset[part].labels,
        dataset[part].digests,
        dataset[part].count,
      ]);
      expect(Array.from({ length: count }, (_, i) => ids(i))).toEqual(
        Array.from({ length: count }, (_, i) => dataset[part].ids(i)),
      );
    }
    expect(aligned.dataset).toMatchObject({ classNames: ["cat", "dog"], numClasses: 2, digest: dataset.digest });
  });

  it("keep the place of what is gone, without its pixels, and it is found by its id all the same", () => {
    const { dataset: left, absent } = align(files.slice(1));
    expect([...absent.train]).toEqual([[0, "missing"]]);
    expect([...left.train.images, ...left.train.labels]).toEqual([0, 2, 3, 0, 1, 0]);
    expect(left.train.ids(0)).toBe("train image 0, which is gone");
    expect(["train/cat/1.png", "train/cat/2.png", "train/cat/3.png"].map((id) => left.train.find?.(id))).toEqual([
      0,
      2,
      undefined,
    ]);
  });

  it("tell a changed image from a missing one, and one with another class under the same id too", () => {
    const { absent } = align(files.map((file, i) => (i === 2 ? { ...file, pixel: 8 } : file)));
    expect([...absent.train]).toEqual([[2, "changed"]]);
    const renamed = alignDataset({ ...dataset, classNames: ["dog", "cat"] }, listing, dataset.classNames);
    expect([...renamed.absent.train.values(), ...renamed.absent.test.values()]).toEqual(Array(5).fill("changed"));
  });

  it("have what was measured on all of them, and their places in the whole part", () => {
    const only = (_part: string, id: string): boolean => id !== "train/cat/1.png";
    const chosen = tinyImages(files, { only });
    const aligned = alignDataset({ ...dataset, mean: [0.1], std: [0.9] }, listingOf(chosen, 1), chosen.classNames);
    expect([aligned.dataset.mean, aligned.dataset.std]).toEqual([[0.5], [0.25]]);
    expect([0, 1].map((index) => aligned.dataset.train.positions?.(index))).toEqual([1, 2]);
    expect(aligned.added).toBe(1);
  });
});

describe("any tree of files that changes in any way", () => {
  const file = fc.record({
    part: fc.constantFrom("train" as const, "test" as const),
    of: fc.constantFrom("ant", "bee", "cat", "dog"),
    name: fc.constantFrom("1", "2", "3", "10", "é", "É", " 1", "1 "),
    pixel: fc.integer({ min: 1, max: 6 }),
  });
  const tree = fc.uniqueArray(file, { minLength: 2, maxLength: 25, selector: idOf });
  const change = fc.constantFrom("keep" as const, "keep" as const, "delete" as const, "edit" as const);

  it("gives each image at its index, and says exactly which are missing, changed and new", () => {
    fc.assert(
      fc.property(
        tree,
        fc.array(change, { minLength: 25, maxLength: 25 }),
        tree,
        fc.infiniteStream(fc.nat()),
        (before, changes, others, order) => {
          const all = { only: () => true };
          const made = tinyImages(before, all);
          const kept = before.flatMap((each, i) => {
            if (changes[i] === "delete") return [];
            return [changes[i] === "edit" ? { ...each, pixel: each.pixel + 10 } : each];
          });
          const added = others.filter((each) => !before.some((old) => idOf(old) === idOf(each)));
          const today = [...kept, ...added]
            .map((each) => ({ each, at: order.next().value ?? 0 }))
            .toSorted((a, b) => a.at - b.at)
            .map(({ each }) => each);
          const {
            dataset: aligned,
            absent,
            added: found,
          } = alignDataset(tinyImages(today, all), listingOf(made, 5), made.classNames);
          expect(found).toBe(added.length);
          for (const part of ["train", "test"] as const) {
            const own = before.filter((each) => each.part === part);
            own.forEach((each, index) => {
              const how = { keep: undefined, delete: "missing", edit: "changed" }[
                changes[before.indexOf(each)] ?? "keep"
              ];
              expect(absent[part].get(index)).toBe(how);
              expect(aligned[part].images[index]).toBe(how === undefined ? each.pixel : 0);
              expect(aligned.classNames[aligned[part].labels[index] ?? -1]).toBe(each.of);
              expect(aligned[part].find?.(idOf(each))).toBe(index);
            });
            expect(aligned[part].count).toBe(own.length);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
