import { describe, expect, it } from "vitest";
import { type ImageRecord, inMemoryDataset, type InMemoryImages, loadDataset } from "../../../src/data/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const record = (id: string, label: number, ...pixels: number[]): ImageRecord => {
  return { id, label, image: Uint8Array.from(pixels) };
};

/** Two channels of one pixel beside another. */
const images: InMemoryImages = {
  name: "pairs",
  description: "two pixels in two channels",
  channels: 2,
  height: 1,
  width: 2,
  classNames: ["dark", "bright", "other"],
  train: [record("a", 0, 0, 51, 7, 7), record("b", 1, 204, 255, 7, 7), record("c", 2, 51, 102, 7, 7)],
  test: [record("x", 1, 1, 2, 3, 4)],
};

describe("a data set in memory", () => {
  it("holds the records in order, under their ids", async () => {
    const dataset = await loadDataset(inMemoryDataset(images));
    expect(dataset).toMatchObject({
      name: "pairs",
      numClasses: 3,
      source: "in memory",
      verified: true,
      augment: false,
    });
    const { train, test } = dataset;
    expect([...train.images]).toEqual([0, 51, 7, 7, 204, 255, 7, 7, 51, 102, 7, 7]);
    expect([...train.labels]).toEqual([0, 1, 2]);
    expect([0, 1, 2].map((index) => train.ids(index))).toEqual(["a", "b", "c"]);
    expect([test.count, test.ids(0), [...test.images]]).toEqual([1, "x", [1, 2, 3, 4]]);
  });

  it("is normalised by the mean and deviation of its training images, a constant channel by its mean alone", async () => {
    const { mean, std } = await inMemoryDataset({ ...images, name: "pairs-2" }).load({});
    const values = [0, 51, 204, 255, 51, 102].map((value) => value / 255);
    const expected = values.reduce((sum, value) => sum + value, 0) / 6;
    const variance = values.reduce((sum, value) => sum + (value - expected) ** 2, 0) / 6;
    expect(mean[0]).toBeCloseTo(expected, 12);
    expect(std[0]).toBeCloseTo(Math.sqrt(variance), 12);
    expect(mean[1]).toBeCloseTo(7 / 255, 12);
    expect(std[1]).toBe(1);
  });

  it("may be cut to classes and first records like any other", async () => {
    const definition = inMemoryDataset({ ...images, test: [...images.test, record("y", 0, 9, 9, 9, 9)] });
    const dataset = await definition.load({ classes: ["bright", "dark"], numTrain: 1 });
    expect(dataset.train.ids(0)).toBe("a");
    expect([...dataset.train.labels]).toEqual([1]);
  });

  it.each<[Partial<InMemoryImages>, string]>([
    [{ test: [] }, "pairs: test: expected at least one image, got none"],
    [{ width: 3 }, "pairs: train image a: expected an image of 6 bytes (2x1x3), got one of 4"],
    [{ height: 0 }, "pairs: height: expected an integer >= 1, got 0"],
    [{ classNames: ["dark", "bright"] }, "pairs: train image c: label: expected an integer >= 0 and <= 1, got 2"],
    [{ test: [...images.test, ...images.test] }, "pairs: test image x: expected each id once, got it twice"],
    [{ description: "" }, 'data set pairs: expected the field description to be a text, got ""'],
  ])("is refused with %o", (change, message) => {
    const error = thrownBy(() => inMemoryDataset({ ...images, ...change }));
    expect(error).toMatchObject({ code: "E_ARG", message });
  });
});
