import { expect, it } from "vitest";
import { BatchNorm2d } from "../../../../src/nn/index.ts";
import { Generator, noGrad, scope, tensor } from "../../../../src/torch/index.ts";
import { MaskedNorm } from "../../../../src/unlearn/tools/masked-norm.ts";

function norm(): BatchNorm2d {
  const layer = new BatchNorm2d(2);
  noGrad(() =>
    scope(() => {
      layer.weight.copy_(tensor([2, -3]));
      layer.bias.copy_(tensor([1, 4]));
    }),
  );
  return layer;
}

it("applies mask and perturbation, and takes them back", () => {
  const layer = norm();
  const masked = new MaskedNorm(layer);
  noGrad(() => masked.mask_K.copy_(tensor([0.5, 1])));
  masked.apply({ weight: tensor([0.25, 0]), bias: tensor([-0.5, 0.5]) });
  expect(layer.weight.toArray()).toEqual([1.5, -3]);
  expect(layer.bias.toArray()).toEqual([0.5, 6]);
  masked.apply(null);
  expect([layer.weight.toArray(), layer.bias.toArray()]).toEqual([
    [1, -3],
    [1, 4],
  ]);
  masked.prune(0.5);
  expect([layer.weight.toArray(), layer.bias.toArray()]).toEqual([
    [0, -3],
    [1, 4],
  ]);
  masked.prune(null);
  expect(layer.weight.toArray()).toEqual([2, -3]);
});

it("perturbs along the gradient of the factors, within ε", () => {
  const masked = new MaskedNorm(norm());
  const start = { weight: tensor([0, 0.375]), bias: tensor([0, -0.25]) };
  const worse = masked.perturb(start, { weight: tensor([1, 1]), bias: tensor([-1, -1]) }, 0.5);
  // The gradient of a factor has the sign of γ or β in it: γ is 2 and -3.
  expect(worse.weight.toArray()).toEqual([0.5, -0.125]);
  expect(worse.bias.toArray()).toEqual([-0.5, -0.5]);
  using generator = Generator.seeded(1);
  const drawn = masked.drawPerturbation(0.5, generator).weight.toArray();
  expect(drawn.every((value) => Math.abs(value) <= 0.5)).toBe(true);
  expect(drawn[0]).not.toBe(drawn[1]);
});
