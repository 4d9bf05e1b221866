import { expect, it } from "vitest";
import { chain, Identity, Linear, ReLU, Sequential } from "../../../src/nn/index.ts";
import { Generator, liveTensors, noGrad, scope, tensor } from "../../../src/torch/index.ts";
import type { Tensor } from "../../../src/torch/index.ts";
import { expectLikePyTorch } from "../../support/layer-fixture.ts";

it("equals PyTorch's, names included", () => {
  using generator = Generator.seeded(1);
  const first = new Linear({ inFeatures: 3, outFeatures: 4 }, generator);
  const last = new Linear({ inFeatures: 4, outFeatures: 2 }, generator);
  expectLikePyTorch("sequential", new Sequential(first, new ReLU(), last));
});

it("holds one intermediate result at a time", () => {
  const counts: number[] = [];
  const before = liveTensors();
  const double = (x: Tensor): Tensor => {
    counts.push(liveTensors() - before);
    return x.mul(2);
  };
  scope(() =>
    noGrad(() => {
      const input = tensor([1]);
      expect(chain(input, [double, double, double, double]).item()).toBe(16);
      expect(input.item()).toBe(1);
    }),
  );
  expect(counts).toEqual([1, 2, 2, 2]);
});

it("keeps a tensor that passes through unchanged", () => {
  const input = tensor([-1, 1]);
  const output = chain(input, [(x) => x.add(1), new Identity(), (x) => x.relu_(), new Identity()]);
  expect(output.toArray()).toEqual([0, 2]);
  expect(new Sequential().call(input)).toBe(input);
});
