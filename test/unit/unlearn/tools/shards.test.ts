import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chains, checkSharding, partition, sliceEpochs, smallestSlice } from "../../../../src/unlearn/tools/shards.ts";

const how = { shards: 4, slices: 3, epochs: 6, lr: 0.1, weights: "uniform" } as const;
const all = Array.from({ length: 50 }, (_, i) => i);
const without = (gone: readonly number[]) => ({
  identity: "0123456789abcdef",
  imageIndices: { retain: all.filter((i) => !gone.includes(i)), forget: gone },
});

describe("shards", () => {
  it("hold every image once, in parts of nearly equal size", () => {
    const parts = partition(50, how, 7);
    expect(parts.flat(2).sort((a, b) => a - b)).toEqual(all);
    expect(parts.map((slices) => slices.flat().length)).toEqual([13, 13, 12, 12]);
    for (const slices of parts) for (const slice of slices) expect(slice.length).toBeGreaterThanOrEqual(4);
    expect(partition(50, how, 7)).toEqual(parts);
    expect(partition(50, how, 8)).not.toEqual(parts);
  });

  it("have slices of at least as many images as their sizes tell, when any images are gone", () => {
    const parts = { shards: fc.integer({ min: 1, max: 5 }), slices: fc.integer({ min: 1, max: 4 }) };
    fc.assert(
      fc.property(fc.record(parts), fc.subarray(all, { maxLength: 49 }), (sharding, gone) => {
        const sizes = chains(without(gone), { ...how, ...sharding })
          .flat()
          .map(({ images }) => images.length);
        const least = smallestSlice({ retain: all.length - gone.length, forget: gone.length }, sharding);
        expect(Math.min(...sizes.filter((size) => size > 0))).toBeGreaterThanOrEqual(least);
      }),
      { numRuns: 50 },
    );
    expect(smallestSlice({ retain: 50, forget: 0 }, how)).toBe(4);
  });

  it("train as many images as the original's epochs, whatever the number of slices", () => {
    expect(sliceEpochs(20, 1)).toEqual([20]);
    expect(sliceEpochs(6, 3)).toEqual([3, 3, 3]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 20 }), (epochs, slices) => {
        const each = sliceEpochs(epochs, slices);
        // Slice i is trained on i parts of the images: the sum is that of the epochs over all, up to rounding.
        const seen = each.reduce((sum, count, i) => sum + (count * (i + 1)) / slices, 0);
        expect(Math.abs(seen - epochs)).toBeLessThanOrEqual(1);
        expect(Math.min(...each)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("sharding", () => {
  it.each([
    [{ shards: 2, slices: 4, epochs: 1 }, 100, /slices: expected few enough/],
    [{ shards: 30, slices: 4, epochs: 9 }, 100, /shards: expected at least one of 100 images/],
  ])("refuses %o of %s images", (how, images, message) => {
    expect(() => checkSharding(how, images)).toThrow(message);
  });

  it.each([
    [{ shards: 2, slices: 1, epochs: 1 }, 2],
    [{ shards: 2, slices: 1, epochs: 5 }, 2],
    [{ shards: 5, slices: 4, epochs: 3 }, 20],
  ])("takes %o of %s images: every slice is trained on", (how, images) => {
    expect(() => checkSharding(how, images)).not.toThrow();
  });
});

describe("names of slices", () => {
  it("change from the slice on that held a forgotten image, in its shard alone", () => {
    const before = chains(without([]), how);
    for (const gone of [0, 17, 42]) {
      const shard = before.findIndex((chain) => chain.at(-1)?.images.includes(gone));
      const slice = before[shard]?.findIndex(({ images }) => images.includes(gone)) ?? -1;
      const after = chains(without([gone]), how);
      before.forEach((chain, s) =>
        chain.forEach(({ key }, i) => expect(key === after[s]?.[i]?.key, `${s}.${i}`).toBe(s !== shard || i < slice)),
      );
    }
  });

  it("depend on what training depends on, not on how the networks are weighed", () => {
    const name = (change: object, identity = without([]).identity): string | undefined =>
      chains({ ...without([]), identity }, { ...how, ...change })[0]?.[0]?.key;
    expect(name({ lr: 0.2 })).not.toBe(name({}));
    expect(name({}, "1123456789abcdef")).not.toBe(name({}));
    expect(name({ weights: "proportional" })).toBe(name({}));
  });

  it("point at the images in the retained data", () => {
    const [chain] = chains(without([3]), how);
    const retain = without([3]).imageIndices.retain;
    for (const { images } of chain ?? []) for (const image of images) expect(retain[image]).not.toBe(3);
  });
});
