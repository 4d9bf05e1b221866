import { expect, it } from "vitest";
import { Generator, scope, tensor, zeros } from "../../../src/torch/index.ts";
import { labelsOf, someOfEachClass } from "../../../src/data/labels.ts";
import { TensorSource } from "../../support/tensor-source.ts";

it("gives all labels in order, over more than one batch", () => {
  scope(() => {
    const labels = BigInt64Array.from({ length: 2500 }, (_, i) => BigInt(i % 7));
    const source = new TensorSource({ images: zeros([2500, 1]), labels: tensor(labels) });
    expect(labelsOf(source).toArray()).toEqual([...labels].map(Number));
  });
});

it("draws some of each class, class by class, or all there are", () => {
  scope(() => {
    const labels = [2, 0, 1, 1, 0, 0, 1, 2, 1];
    const source = new TensorSource({
      images: tensor(
        labels.map((_, i) => i),
        { dtype: "float32" },
      ),
      labels: tensor(labels, { dtype: "int64" }),
    });
    const { images, labels: drawn } = someOfEachClass(source, 3, Generator.seeded(1));
    expect(drawn.toArray()).toEqual([0, 0, 0, 1, 1, 1, 2, 2]);
    expect(images.toArray().map((i) => labels[i])).toEqual(drawn.toArray());
    expect(new Set(images.toArray()).size).toBe(8);
  });
});
