import { expect, it } from "vitest";
import { BatchNorm2d, Conv2d } from "../../../src/nn/index.ts";
import { Generator, noGrad, scope, tensor } from "../../../src/torch/index.ts";
import { lipschitzBounds, pruneOutliers } from "../../../src/unlearn/clp.ts";

it("bounds a channel by its largest singular value and its normalisation", () => {
  // Channel 0: diag(3, 4); channel 1: rows (1, 1), (1, 1) of norm 2.
  const bounds = scope(() => {
    const weight = tensor([3, 0, 0, 4, 1, 1, 1, 1], { shape: [2, 2, 1, 2] });
    return lipschitzBounds(weight, tensor([1, -2]), tensor([4, 1])).toArray();
  });
  expect(bounds[0]).toBeCloseTo(2, 6);
  expect(bounds[1]).toBeCloseTo(4, 6);
});

it("prunes the outlying channel, weight and bias, and no other", () => {
  using generator = Generator.seeded(1);
  const convolution = new Conv2d({ inChannels: 1, outChannels: 8, kernelSize: 1, bias: false }, generator);
  const norm = new BatchNorm2d(8);
  noGrad(() =>
    scope(() => {
      convolution.weight.copy_(tensor([1, 1, 1, 20, 1, 1, 1, 1], { shape: [8, 1, 1, 1] }));
      norm.bias.fill_(0.5);
    }),
  );
  // Mean 3.375, standard deviation 6.72: 20 lies 2.47 above.
  expect(pruneOutliers({ convolution, norm }, 3)).toBe(0);
  expect(pruneOutliers({ convolution, norm }, 2.4)).toBe(1);
  expect(norm.weight.toArray()).toEqual([1, 1, 1, 0, 1, 1, 1, 1]);
  expect(norm.bias.toArray()).toEqual([0.5, 0.5, 0.5, 0, 0.5, 0.5, 0.5, 0.5]);
});
