/** coppice::crop_flip: fixtures, the formula by brute force, and the path of devices without a kernel of their own. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import {
  callOperator,
  cropFlip,
  fromTypedArray,
  getNumThreads,
  setNumThreads,
  stack,
  type Tensor,
  tensor,
} from "../../src/torch/index.ts";
import { toTensor } from "../support/compare.ts";
import { readGoldenJson, readGoldenTensors } from "../support/golden.ts";
import { thrownBy } from "../support/thrown-by.ts";

interface Batch {
  readonly images: Uint8Array;
  readonly shape: readonly [number, number, number, number];
  readonly index: readonly number[];
  readonly top: readonly number[];
  readonly left: readonly number[];
  readonly flip: readonly boolean[];
  readonly padding: number;
}

type Arguments = [images: Tensor, index: Tensor, top: Tensor, left: Tensor, flip: Tensor, padding: number];

function argumentsOf({ images, shape, index, top, left, flip, padding }: Batch): Arguments {
  const integers = (values: readonly number[]): Tensor => tensor(BigInt64Array.from(values, BigInt));
  const flips = tensor(flip.map(Number), { dtype: "bool" });
  return [fromTypedArray(images, shape), integers(index), integers(top), integers(left), flips, padding];
}

const byKernel = (batch: Batch): Tensor => callOperator("coppice::crop_flip", argumentsOf(batch)) as Tensor;
const byGathering = (batch: Batch): Tensor => callOperator("coppice::crop_flip.gathered", argumentsOf(batch)) as Tensor;

/** out[n, c, y, x] = pad(images[index[n]])[c, top[n] + y, left[n] + (flip[n] ? W-1-x : x)] / 255, pixel by pixel. */
function byHand({ images, shape, index, top, left, flip, padding }: Batch): number[] {
  const [, channels, height, width] = shape;
  const out: number[] = [];
  index.forEach((image, n) => {
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const row = (top[n] ?? 0) + y - padding;
          const column = (left[n] ?? 0) + (flip[n] ? width - 1 - x : x) - padding;
          const inside = row >= 0 && row < height && column >= 0 && column < width;
          const pixel = images[((image * channels + c) * height + row) * width + column] ?? 0;
          out.push(inside ? Math.fround(pixel / 255) : 0);
        }
      }
    }
  });
  return out;
}

const batches: fc.Arbitrary<Batch> = fc
  .record({
    count: fc.integer({ min: 1, max: 4 }),
    channels: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
    padding: fc.integer({ min: 0, max: 12 }), // beyond the image too
    batch: fc.integer({ min: 0, max: 40 }), // more than one thread's share
    seed: fc.nat(),
  })
  .chain(({ count, channels, height, width, padding, batch, seed }) => {
    const images = Uint8Array.from({ length: count * channels * height * width }, (_, i) => (i * 37 + seed) % 256);
    const many = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
      fc.array(value, { minLength: batch, maxLength: batch });
    const offset = fc.integer({ min: 0, max: 2 * padding });
    return fc.record({
      images: fc.constant(images),
      shape: fc.constant([count, channels, height, width] as const),
      index: many(fc.integer({ min: 0, max: count - 1 })),
      top: many(offset),
      left: many(offset),
      flip: many(fc.boolean()),
      padding: fc.constant(padding),
    });
  });

const example: Batch = {
  images: Uint8Array.from({ length: 2 * 3 * 5 * 7 }, (_, i) => (i * 11) % 256),
  shape: [2, 3, 5, 7],
  index: [1, 0, 1],
  top: [0, 2, 4],
  left: [4, 1, 2],
  flip: [true, false, true],
  padding: 2,
};

describe("crop_flip", () => {
  const threads = getNumThreads();
  afterEach(() => setNumThreads(threads));

  it("is its formula, on the CPU and by gathering, bit for bit", () => {
    const check = (batch: Batch): void => {
      const expected = byHand(batch);
      const [kernel, gathered] = [byKernel(batch), byGathering(batch)];
      const [, ...image] = batch.shape;
      expect(kernel.shape).toEqual([batch.index.length, ...image]);
      expect(kernel.dtype).toBe("float32");
      expect(kernel.toArray()).toEqual(expected);
      expect(gathered.shape).toEqual(kernel.shape);
      expect(gathered.toArray()).toEqual(expected);
    };
    fc.assert(fc.property(batches, check), { numRuns: 60, seed: 1 });
  });

  it("gives the same bytes for any number of threads", () => {
    const index = Array.from({ length: 100 }, (_, n) => n % 2);
    const batch: Batch = {
      ...example,
      index,
      top: index.map((_, n) => n % 5),
      left: index.map((_, n) => (n * 3) % 5),
      flip: index.map((_, n) => n % 3 === 0),
    };
    const results = [1, 2, 3].map((count) => {
      setNumThreads(count);
      return byKernel(batch).data();
    });
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
    expect([...(results[0] ?? [])]).toEqual(byHand(batch));
  });

  it("takes a batch of none and arguments of any layout", () => {
    expect(byKernel({ ...example, index: [], top: [], left: [], flip: [] }).shape).toEqual([0, 3, 5, 7]);
    const [images, index, top, left, flip] = argumentsOf(example);
    const strided = index.unsqueeze(1).expand([3, 2]).contiguous().select(1, 0);
    const turned = images.transpose(2, 3).contiguous().transpose(2, 3);
    expect(cropFlip(turned, strided, top, left, flip, 2).toArray()).toEqual(byHand(example));
  });

  it.each<[string, Partial<Batch>, string]>([
    ["an image that there is not", { index: [0, 2, 0] }, "image 2 is not among the 2"],
    ["a negative image", { index: [0, -1, 0] }, "image -1 is not among the 2"],
    ["an offset beyond the frame", { top: [0, 5, 0] }, "expected offsets from 0 to 4, got 5"],
    ["a negative offset", { left: [0, -1, 0] }, "expected offsets from 0 to 4, got -1"],
    ["an offset that would overflow", { left: [0, 2 ** 53, 0] }, "expected offsets from 0 to 4, got 9007199254740992"],
    ["a negative padding", { padding: -1 }, "expected padding from 0 to 1048576, got -1"],
    ["a padding beyond reason", { padding: 2 ** 40 }, "expected padding from 0 to 1048576, got 1099511627776"],
    ["too few offsets", { top: [0] }, "expected index, top and left as int64 [3], got Long [1]"],
    ["too few flips", { flip: [true] }, "expected flip as bool [3], got Bool [1]"],
  ])("refuses %s", (_, change, message) => {
    const error = thrownBy(() => byKernel({ ...example, ...change }));
    expect(error.code).toBe("E_NATIVE");
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/^coppice::crop_flip\(Tensor\[2, 3, 5, 7\]/);
  });

  it("refuses other types and dimensions, on both paths", () => {
    const [images, index, top, left, flip] = argumentsOf(example);
    const wrong: [Tensor, Tensor, Tensor, string][] = [
      [images.to("float32"), index, flip, "expected uint8 images [M, C, H, W], got Float [2, 3, 5, 7]"],
      [images.select(0, 0), index, flip, "expected uint8 images [M, C, H, W], got Byte [3, 5, 7]"],
      [images, index.to("float32"), flip, "expected index, top and left as int64 [3], got Float [3]"],
      [images, index.unsqueeze(0), flip, "expected index, top and left as int64 [3], got Long [1, 3]"],
      [images, index, flip.to("uint8"), "expected flip as bool [3], got Byte [3]"],
    ];
    for (const [badImages, badIndex, badFlip, message] of wrong) {
      for (const path of ["coppice::crop_flip", "coppice::crop_flip.gathered"]) {
        const call = (): unknown => callOperator(path, [badImages, badIndex, top, left, badFlip, 2]);
        expect(thrownBy(call).message).toContain(message);
      }
    }
  });
});

interface Fixture {
  readonly cases: readonly {
    readonly image: number;
    readonly top: number;
    readonly left: number;
    readonly flip: boolean;
    readonly sha256: string;
    readonly sum: number;
  }[];
}

describe("crop_flip as the reference augments", () => {
  const { cases } = readGoldenJson<Fixture>("augment/augment.json");
  const stored = readGoldenTensors("augment/images.safetensors");

  it("has the fixture's pixels in every case", () => {
    const inputs = [...stored].filter(([name]) => name.startsWith("input"));
    const images = stack(inputs.map(([, image_HWC]) => toTensor(image_HWC).permute([2, 0, 1])));
    const batch: Batch = {
      images: images.data() as Uint8Array,
      shape: images.shape as Batch["shape"],
      index: cases.map(({ image }) => image),
      top: cases.map(({ top }) => top),
      left: cases.map(({ left }) => left),
      flip: cases.map(({ flip }) => flip),
      padding: 4,
    };
    for (const result of [byKernel(batch), byGathering(batch)]) {
      const bytes = result.mul(255).round().to("uint8").permute([0, 2, 3, 1]).contiguous();
      cases.forEach(({ sha256, sum }, n) => {
        const one = bytes.select(0, n).contiguous().data() as Uint8Array;
        expect(createHash("sha256").update(one).digest("hex")).toBe(sha256);
        expect(one.reduce((total, value) => total + value, 0)).toBe(sum);
      });
    }
  });
});
