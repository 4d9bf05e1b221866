import { describe, expect, it } from "vitest";
import type { BatchSource } from "../../../../src/data/batches.ts";
import { scope, tensor } from "../../../../src/torch/index.ts";
import { select, concatenate, relabel } from "../../../../src/unlearn/tools/sources.ts";
import { TensorSource } from "../../../support/tensor-source.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

const int64 = { dtype: "int64" } as const;
const source = (...values: number[]): BatchSource =>
  new TensorSource({ images: tensor(values, { dtype: "float32" }), labels: tensor(values, int64) });
const taken = (from: BatchSource, ...positions: number[]): [number[], number[]] =>
  scope(() => {
    const { images, labels } = from.take(tensor(positions, int64), null);
    return [images.toArray(), labels.toArray()];
  });

describe("sources made of others", () => {
  it("follow one another, also within a batch", () => {
    const both = concatenate(source(1, 2), source(3, 4, 5));
    expect(both.count).toBe(5);
    expect(taken(both, 4, 0, 2)).toEqual([
      [1, 5, 3],
      [1, 5, 3],
    ]);
    expect(taken(both, 3)).toEqual([[4], [4]]);
    expect(taken(both, 1)).toEqual([[2], [2]]);
  });

  it("have other labels, and refuse too few", () => {
    expect(taken(relabel(source(1, 2, 3), tensor([7, 8, 9], int64)), 2, 0)).toEqual([
      [3, 1],
      [9, 7],
    ]);
    expect(thrownBy(() => relabel(source(1, 2), tensor([1], int64))).message).toMatch(
      /one for each of 2 images, got 1/,
    );
  });

  it("are a choice of images", () => {
    const some = select(source(1, 2, 3), tensor([2, 0], int64));
    expect(some.count).toBe(2);
    expect(taken(some, 0, 1)).toEqual([
      [3, 1],
      [3, 1],
    ]);
  });
});
