import { describe, expect, it } from "vitest";
import { type BatchPlan, trainingBatches } from "../../../../src/data/batch-plan.ts";
import { Generator, scope, tensor } from "../../../../src/torch/index.ts";
import { PairedBatches } from "../../../../src/unlearn/tools/paired-batches.ts";
import { TensorSource } from "../../../support/tensor-source.ts";

const source = new TensorSource({
  images: tensor([0, 1, 2, 3, 4], { dtype: "float32" }),
  labels: tensor([0, 1, 2, 3, 4], { dtype: "int64" }),
});
const batchesOf = (count: number): BatchPlan => trainingBatches(count, 2);
const paired = (shuffles: boolean, seed = 1): PairedBatches =>
  new PairedBatches(source, { shuffles, batchesOf, augmenting: null } as never, 2, Generator.seeded(seed));
const labels = (batches: PairedBatches, epoch: number, step: number): number[] =>
  scope(() => batches.at(epoch, step).labels.toArray());

describe("forget batches beside others", () => {
  it("come one a step, from the first again when used up, and in each epoch", () => {
    using batches = paired(false);
    expect([0, 1, 2, 3, 4].map((step) => labels(batches, 0, step))).toEqual([
      [0, 1],
      [2, 3, 4],
      [0, 1],
      [2, 3, 4],
      [0, 1],
    ]);
    expect(labels(batches, 1, 0)).toEqual([0, 1]);
  });

  it("are shuffled again each epoch, the same for the same generator in whatever order they are asked for", () => {
    using batches = paired(true);
    const epochs = [0, 1].map((epoch) => [0, 1].flatMap((step) => labels(batches, epoch, step)));
    for (const order of epochs) expect(order.toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect(epochs[0]).not.toEqual(epochs[1]);
    using again = paired(true);
    expect(labels(again, 1, 1)).toEqual(epochs[1]?.slice(2));
  });
});
