import { expect, it } from "vitest";
import { MaxPool2d } from "../../../src/nn/index.ts";
import { tensor } from "../../../src/torch/index.ts";
import { expectLikePyTorch } from "../../support/layer-fixture.ts";

it("equals PyTorch's", () => {
  expectLikePyTorch("max pool", new MaxPool2d({ kernelSize: 2 }));
  expectLikePyTorch("max pool, overlapping", new MaxPool2d({ kernelSize: 3, stride: 2, padding: 1 }));
});

it("never lets the padding win", () => {
  const image = tensor([-1, -2, -3, -4], { shape: [1, 1, 2, 2] });
  expect(new MaxPool2d({ kernelSize: 2, padding: 1 }).call(image).toArray()).toEqual([-1, -2, -3, -4]);
});

it("refuses an empty window", () => {
  expect(() => new MaxPool2d({ kernelSize: 0 })).toThrow("MaxPool2d.kernelSize: expected an integer >= 1, got 0");
});
