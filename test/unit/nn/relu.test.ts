import { expect, it } from "vitest";
import { ReLU } from "../../../src/nn/index.ts";
import { tensor } from "../../../src/torch/index.ts";
import { expectLikePyTorch } from "../../support/layer-fixture.ts";

it("equals PyTorch's", () => expectLikePyTorch("relu", new ReLU()));

it("leaves its input alone unless told otherwise", () => {
  const input = tensor([-1, 2]);
  expect(new ReLU().call(input).toArray()).toEqual([0, 2]);
  expect(input.toArray()).toEqual([-1, 2]);
  expect(new ReLU({ inPlace: true }).call(input).toArray()).toEqual([0, 2]);
  expect(input.toArray()).toEqual([0, 2]);
});
