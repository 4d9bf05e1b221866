import { describe, expect, it } from "vitest";
import { cropPadding, DeviceImages, forEachBatch, positionsFrom } from "../../../src/data/batches.ts";
import { Generator, liveTensors, scope, type Tensor } from "../../../src/torch/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const [count, height, width] = [5, 6, 4];
/** Pixel i of image n has value 40 n + i + 1: every one tells where it is from, none is zero as the frame is. */
const pixels = Uint8Array.from(
  { length: count * height * width },
  (_, i) => 40 * Math.floor(i / (height * width)) + (i % (height * width)) + 1,
);
const set = { images: pixels, labels: Uint8Array.from([0, 1, 2, 3, 4]), count, ids: String };
const images = new DeviceImages(set, { channels: 1, height, width }, "cpu");

const imageOf = (index: number): number[] =>
  Array.from(pixels.subarray(index * height * width, (index + 1) * height * width));
const bytes = (values: Tensor): number[] => values.toArray().map((value) => Math.round(255 * value));

describe("batches of a subset", () => {
  const subset = images.subset([4, 2, 0], "some images");

  it("are gathered by position, and scaled to [0, 1]", () => {
    scope(() => {
      const batch = subset.take(positionsFrom(1, 2), null);
      expect(subset.count).toBe(3);
      expect(batch.images.shape).toEqual([2, 1, height, width]);
      expect(batch.images.dtype).toBe("float32");
      expect(bytes(batch.images)).toEqual([...imageOf(2), ...imageOf(0)]);
      expect(batch.labels.toArray().map(Number)).toEqual([2, 0]);
    });
  });

  it("are cropped from a frame of zeros and flipped by the generator's draws, the same for the same seed", () => {
    const augmented = (seed: number): number[] =>
      scope(() => bytes(subset.take(positionsFrom(0, 1), Generator.seeded(seed)).images));
    expect(augmented(1)).toEqual(augmented(1));
    /** The image moved by whole pixels, perhaps mirrored. */
    const moved = (top: number, left: number, flip: boolean): number[] =>
      imageOf(4).map((_, i) => {
        const [row, across] = [Math.floor(i / width), i % width];
        const column = flip ? width - 1 - across : across;
        const [y, x] = [row + top - cropPadding, column + left - cropPadding];
        return y >= 0 && y < height && x >= 0 && x < width ? (imageOf(4)[y * width + x] ?? NaN) : 0;
      });
    const shifts = Array.from({ length: 2 * cropPadding + 1 }, (_, i) => i);
    const possible = new Set(
      shifts.flatMap((top) =>
        shifts.flatMap((left) => [moved(top, left, false).join(), moved(top, left, true).join()]),
      ),
    );
    const found = new Set([1, 2, 3, 4, 5, 6].map((seed) => augmented(seed).join()));
    expect([...found].filter((image) => !possible.has(image))).toEqual([]);
    expect(found.size).toBeGreaterThan(2);
  });

  it("are refused where there are no images", () => {
    expect(thrownBy(() => images.subset([], "validation part"))).toMatchObject({
      code: "E_DATA",
      message: "validation part: expected at least one image, got none",
    });
  });
});

describe("forEachBatch", () => {
  it("visits all images in order, the last batch smaller, and frees each batch", () => {
    const source = images.subset([0, 1, 2, 3, 4], "all");
    const seen: [number, number[]][] = [];
    const live = liveTensors();
    forEachBatch(source, 2, ({ labels }, start) => seen.push([start, labels.toArray().map(Number)]));
    expect(seen).toEqual([
      [0, [0, 1]],
      [2, [2, 3]],
      [4, [4]],
    ]);
    expect(liveTensors()).toBe(live);
    expect(thrownBy(() => forEachBatch(source, 0, () => undefined)).code).toBe("E_ARG");
  });
});
