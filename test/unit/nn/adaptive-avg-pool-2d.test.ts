import { expect, it } from "vitest";
import { AdaptiveAvgPool2d } from "../../../src/nn/index.ts";
import { expectLikePyTorch } from "../../support/layer-fixture.ts";

it("equals PyTorch's, for parts of unequal size too", () => {
  expectLikePyTorch("adaptive avg pool", new AdaptiveAvgPool2d(1));
  expectLikePyTorch("adaptive avg pool, uneven", new AdaptiveAvgPool2d([2, 3]));
});

it("refuses no parts", () => {
  expect(() => new AdaptiveAvgPool2d([1, 0])).toThrow("AdaptiveAvgPool2d.outputSize: expected an integer >= 1, got 0");
});
