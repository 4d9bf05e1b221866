import { expect, it } from "vitest";
import { AvgPool2d } from "../../../src/nn/index.ts";
import { expectLikePyTorch } from "../../support/layer-fixture.ts";

it("equals PyTorch's, counting the padding", () => {
  expectLikePyTorch("avg pool", new AvgPool2d({ kernelSize: 2 }));
  expectLikePyTorch("avg pool, padded", new AvgPool2d({ kernelSize: [3, 2], stride: 1, padding: 1 }));
});

it("refuses a stride of nothing", () => {
  const options = { kernelSize: 2, stride: 0 };
  expect(() => new AvgPool2d(options)).toThrow("AvgPool2d.stride: expected an integer >= 1, got 0");
});
