import { expect, it } from "vitest";
import { fashionMnistFiles } from "../../../src/data/fashion-mnist.ts";
import { findIdxDataset, loadIdxDataset } from "../../../src/data/idx-dataset.ts";

const folder = "/usr/share/datasets";

if (findIdxDataset(fashionMnistFiles, folder) === undefined) {
  it.skip("left out, no Fashion-MNIST in /usr/share/datasets: the distribution's Fashion-MNIST");
} else {
  it("reads the distribution's files, whose content is the official one", async () => {
    const dataset = await loadIdxDataset(fashionMnistFiles, { folder });
    expect(dataset).toMatchObject({
      name: "fashion-mnist",
      verified: true,
      source: "/usr/share/datasets/fashion-mnist",
    });
    expect([dataset.train.count, dataset.test.count]).toEqual([60_000, 10_000]);
    expect(dataset.classNames[dataset.train.labels[0] ?? 0]).toBe("Ankle boot");
    const pixels = dataset.train.images;
    let sum = 0;
    let squares = 0;
    for (const pixel of pixels) {
      sum += pixel;
      squares += pixel * pixel;
    }
    const mean = sum / pixels.length / 255;
    expect(mean).toBeCloseTo(dataset.mean[0] ?? 0, 3);
    expect(Math.sqrt(squares / pixels.length / 255 ** 2 - mean ** 2)).toBeCloseTo(dataset.std[0] ?? 0, 3);
  });
}

it("has a name for each class", () => {
  expect(new Set(fashionMnistFiles.classNames).size).toBe(10);
});
