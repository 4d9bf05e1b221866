import { expect, it } from "vitest";
import type { BatchSource } from "../../../../src/data/batches.ts";
import { ColourSource } from "../../../../src/stages/transfer/colour-source.ts";
import { arange, Generator, rand, scope, tensor } from "../../../../src/torch/index.ts";
import { TensorSource } from "../../../support/tensor-source.ts";

const count = 6;
const images = rand([count, 1, 2, 3], { generator: Generator.seeded(1) });
const labels = tensor(BigInt64Array.from({ length: count }, (_, i) => BigInt(i)));
const grey = new TensorSource({ images, labels });

it("has as many images as the grey source, with the same plane in every channel", () => {
  const colour = new ColourSource(grey);
  expect(colour.count).toBe(count);
  scope(() => {
    const positions = tensor(BigInt64Array.of(4n, 0n, 4n));
    const taken = colour.take(positions, null);
    const plane = grey.take(positions).images.toArray();
    expect([taken.images.shape, taken.labels.toArray()]).toEqual([
      [3, 3, 2, 3],
      [4, 0, 4],
    ]);
    for (const channel of [0, 1, 2]) expect(taken.images.narrow(1, channel, 1).toArray()).toEqual(plane);
  });
});

it("gives memory that may be written to: a plane is no view of another", () => {
  scope(() => {
    const { images: taken } = new ColourSource(grey).take(arange(0, 1), null);
    const before = taken.narrow(1, 1, 1).toArray();
    taken.narrow(1, 0, 1).fill_(9);
    expect(taken.narrow(1, 1, 1).toArray()).toEqual(before);
  });
});

it("augments as the grey source does, with the same draws", () => {
  const drawn: unknown[] = [];
  const source: BatchSource = {
    count,
    take: (positions, augment) => {
      drawn.push(augment);
      return grey.take(positions);
    },
  };
  const generator = Generator.seeded(2);
  scope(() => void new ColourSource(source).take(arange(0, 2), generator));
  expect(drawn).toEqual([generator]);
});
