import { expect, it } from "vitest";
import { createModel } from "../../../src/models/index.ts";
import { liveShare } from "../../../src/sparse/live-share.ts";
import { convolutionsOf } from "../../../src/sparse/program.ts";
import { Generator } from "../../../src/torch/index.ts";
import { invariant } from "../../../src/util/errors.ts";

const normalize = { mean: [0, 0, 0], std: [1, 1, 1] };

it("weighs each layer's live weights by its positions", () => {
  const graph = createModel({ arch: "resnet18", numClasses: 2, normalize }, Generator.seeded(1)).graph();
  invariant(graph, "a graph");
  const sizes = convolutionsOf(graph).map(({ convolution }) => convolution.weight.numel);
  expect(liveShare(graph, sizes, 32)).toBe(1);
  expect(
    liveShare(
      graph,
      sizes.map((size) => size / 4),
      32,
    ),
  ).toBeCloseTo(0.25, 12);
  // The stem alone: 3 · 64 · 9 weights at 1024 positions, of 555,417,600 multiplications of ResNet-18's convolutions.
  const stem = sizes.map((size, i) => (i === 0 ? size : 0));
  expect(liveShare(graph, stem, 32)).toBeCloseTo((1728 * 1024) / 555_417_600, 12);
});
