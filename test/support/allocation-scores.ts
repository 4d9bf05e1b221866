/** Scores of layers like those of a residual network: small and used often first, large and used seldom last. */
import type { Mask } from "../../src/prune/index.ts";
import { Generator, randn, type Tensor } from "../../src/torch/index.ts";

export const shapes = new Map([
  ["conv1.weight", [8, 3, 3, 3]],
  ["early.weight", [16, 8, 3, 3]],
  ["shortcut.weight", [32, 16, 1, 1]],
  ["late.weight", [64, 32, 3, 3]],
]);
/** Pixels of the output map of each layer. */
export const outputPixels = new Map([
  ["conv1.weight", 1024],
  ["early.weight", 1024],
  ["shortcut.weight", 256],
  ["late.weight", 64],
]);
export const sizes = [...shapes.values()].map((shape) => shape.reduce((product, size) => product * size, 1));
export const all = sizes.reduce((sum, size) => sum + size, 0);

/** Larger in earlier layers. */
export function scoresOf(seed: number): Map<string, Tensor> {
  const generator = Generator.seeded(seed);
  return new Map(
    [...shapes].map(([name, shape], i) => [
      name,
      randn(shape, { generator })
        .abs()
        .mul(4 - i),
    ]),
  );
}

/** How many weights of each layer a mask keeps. */
export const counts = (mask: Mask): number[] => mask.layers.map(({ nonzero }) => nonzero);
