import { describe, expect, it } from "vitest";
import { Normalize } from "../../../src/nn/index.ts";
import { tensor, zeros } from "../../../src/torch/index.ts";
import { relativeError } from "../../support/compare.ts";
import { readGoldenJson } from "../../support/golden.ts";

describe("Normalize", () => {
  it("shifts and scales each channel and leaves the image alone", () => {
    const layer = new Normalize({ mean: [0.5, 0.25], std: [0.5, 0.125] });
    const image = tensor([1, 0, 0.5, 0.25], { shape: [1, 2, 1, 2] });
    expect(layer.call(image).toArray()).toEqual([1, -1, 2, 0]);
    expect(image.toArray()).toEqual([1, 0, 0.5, 0.25]);
    expect([...layer.stateDict().keys()]).toEqual(["mean", "std"]);
  });

  it("lets gradients through to the image", () => {
    const image = tensor([0.2, 0.4], { shape: [1, 2, 1, 1] });
    image.requiresGrad = true;
    new Normalize({ mean: [0, 0], std: [0.5, 0.25] }).call(image).sum().backward();
    expect(image.grad?.toArray()).toEqual([2, 4]);
  });

  it("refuses what it would otherwise broadcast or convert without a word", () => {
    const layer = new Normalize({ mean: [0, 0, 0], std: [1, 1, 1] });
    expect(() => layer.call(zeros([2, 1, 4, 4]))).toThrow("Normalize: expected [N, 3, H, W], got [2, 1, 4, 4]");
    expect(() => layer.call(zeros([3, 4, 4]))).toThrow("Normalize: expected [N, 3, H, W], got [3, 4, 4]");
    expect(() => layer.call(zeros([2, 3, 4, 4], { dtype: "uint8" }))).toThrow("Normalize: expected float32, got uint8");
  });

  it.each([
    [[], [], "expected one mean and one deviation per channel, got 0 means and 0 deviations"],
    [[0, 0], [1], "expected one mean and one deviation per channel, got 2 means and 1 deviations"],
    [[NaN], [1], "Normalize.mean: expected a finite number, got NaN"],
    [[0], [0], "Normalize.std: expected a finite number > 0, got 0"],
  ])("refuses means %o with deviations %o", (mean, std, message) => {
    expect(() => new Normalize({ mean, std })).toThrow(message);
  });
});

describe("normalised pixels of the reference implementation", () => {
  interface DatasetFixture {
    readonly mean: number[];
    readonly std: number[];
    readonly float64: number[][];
    readonly float32: number[][];
  }
  const { pixels, datasets } = readGoldenJson<{ pixels: number[]; datasets: Record<string, DatasetFixture> }>(
    "normalize/normalize.json",
  );

  it.each(Object.entries(datasets))("%s", (_, { mean, std, float32, float64 }) => {
    const layer = new Normalize({ mean, std });
    const row = pixels.map((pixel) => pixel / 255);
    const image = tensor([row, row, row].flat(), { shape: [1, 3, 1, row.length] });
    expect(relativeError(layer.call(image), float32)).toBeLessThan(3e-7);

    // The fixture's constants are exact in float64, the layer's come from float32.
    const exact = layer.to("float64");
    exact.loadStateDict(
      new Map([
        ["mean", tensor(Float64Array.from(mean))],
        ["std", tensor(Float64Array.from(std))],
      ]),
    );
    const precise = tensor(Float64Array.from([row, row, row].flat()), { shape: [1, 3, 1, row.length] });
    expect(relativeError(exact.call(precise), float64)).toBeLessThan(1e-12);
  });
});
