import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ImageDataset } from "../../../src/data/dataset.ts";
import type { SplitManifest } from "../../../src/record/split.ts";
import { forgetSamples, imageOf, showsSamples } from "../../../src/stages/samples.ts";
import { keep, liveTensors, scope, tensor } from "../../../src/torch/index.ts";
import type { Prediction } from "../../../src/train/index.ts";

const shape = { channels: 3, height: 1, width: 2 };
const count = 100;
const images = Uint8Array.from({ length: count * 6 }, (_, i) => i % 251);
const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
const ids = (index: number): string => `record-${index}`;
const dataset = { ...shape, train: { images, labels, count, ids } } as unknown as ImageDataset;
const splitOf = (forget: readonly number[]): SplitManifest => ({ indices: { forget } }) as unknown as SplitManifest;

/** Logits 0 and `gap` for each of the forget images. */
function predictionOf(forget: readonly number[], gap: (position: number) => number): Prediction {
  return scope(() => ({
    logits: keep(tensor(Float32Array.from(forget.flatMap((_, i) => [0, gap(i)])), { shape: [forget.length, 2] })),
    labels: keep(tensor(BigInt64Array.from(forget, (index) => BigInt(labels[index] ?? 0)))),
  })) as Prediction;
}

describe("forgetSamples", () => {
  it("says of each image what it is, its probability and class, before and after", () => {
    const forget = [4, 7];
    const after = predictionOf(forget, () => Math.log(3));
    const before = predictionOf(forget, (i) => (i === 0 ? -1 : 1) * Math.log(9));
    const [first, second] = forgetSamples(dataset, splitOf(forget), after, before);
    expect(first).toMatchObject({ index: 4, id: "record-4", label: 0, predictedAfter: 1, predictedBefore: 0 });
    expect(second).toMatchObject({ index: 7, id: "record-7", label: 1, predictedAfter: 1, predictedBefore: 1 });
    expect([first?.probabilityAfter, second?.probabilityAfter]).toEqual([expect.closeTo(0.25), expect.closeTo(0.75)]);
    expect([first?.probabilityBefore, second?.probabilityBefore]).toEqual([expect.closeTo(0.9), expect.closeTo(0.9)]);
    expect(first?.image).toEqual(imageOf(shape, { images }, 4));
  });

  it("says nothing of before where there is no model before", () => {
    const [only] = forgetSamples(
      dataset,
      splitOf([3]),
      predictionOf([3], () => 0),
      null,
    );
    expect(Object.keys(only ?? {})).toEqual(["index", "id", "label", "image", "probabilityAfter", "predictedAfter"]);
  });

  it("takes up to 16, each once, in order and evenly spread, whatever the number of forget images", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: count }), (number) => {
        const forget = Array.from({ length: number }, (_, i) => i);
        const samples = forgetSamples(
          dataset,
          splitOf(forget),
          predictionOf(forget, () => 0),
          null,
        );
        const taken = samples.map(({ index }) => index);
        expect(taken).toHaveLength(Math.min(16, number));
        expect(taken[0]).toBe(0);
        const gaps = taken.map((index, i) => (taken[i + 1] ?? number) - index);
        expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1);
        expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });

  it("gives probabilities of at most 1 for a model that is sure, and leaves no memory behind", () => {
    const forget = [1, 3];
    const prediction = predictionOf(forget, () => 1e4);
    const before = liveTensors();
    const samples = forgetSamples(dataset, splitOf(forget), prediction, prediction);
    expect(liveTensors()).toBe(before);
    expect(samples.map(({ probabilityAfter }) => probabilityAfter)).toEqual([1, 1]);
  });
});

describe("imageOf", () => {
  it("holds the bytes of one image, channel after channel", () => {
    const { data, ...size } = imageOf(shape, { images }, 2);
    expect(size).toEqual(shape);
    expect([...Buffer.from(data, "base64")]).toEqual([12, 13, 14, 15, 16, 17]);
  });

  it("keeps a grey image grey", () => {
    const grey = imageOf({ channels: 1, height: 2, width: 2 }, { images }, 1);
    expect(grey.channels).toBe(1);
    expect([...Buffer.from(grey.data, "base64")]).toEqual([4, 5, 6, 7]);
  });
});

describe("images to be forgotten", () => {
  const shown = (name: string, { verified = true, asked }: { verified?: boolean; asked?: boolean } = {}): boolean =>
    showsSamples(asked, { data: { name }, verified });

  it("are kept of data that anyone has, unless they are somebody's own in that form", () => {
    expect(["cifar10", "mnist", "fashion-mnist", "embedded"].map((name) => shown(name))).toEqual(Array(4).fill(true));
    expect(["folder", "of-a-plugin"].map((name) => shown(name))).toEqual([false, false]);
    expect(shown("cifar10", { verified: false })).toBe(false);
  });

  it("are kept or left out as is asked, whatever the data", () => {
    expect([shown("folder", { asked: true }), shown("embedded", { asked: false })]).toEqual([true, false]);
  });
});
