import { expect, it } from "vitest";
import { twoMeans } from "../../../src/detect/two-means.ts";
import { scope, tensor, type Tensor } from "../../../src/torch/index.ts";

const column = (values: readonly number[]): Tensor => tensor(values, { shape: [values.length, 1], dtype: "float64" });

it("finds two clusters, and the smaller of them", () => {
  const { inSmaller, silhouette } = scope(() => twoMeans(column([-3, -2.9, 4, -3.1, 4.1])));
  expect(inSmaller).toEqual([false, false, true, false, true]);
  // By hand: of -3 a = 0.1, b = 7.05; of -2.9 a = 0.15, b = 6.95; of -3.1 a = 0.15, b = 7.15; of 4 a = 0.1, b = 7; of 4.1 a = 0.1, b = 7.1
  const expected = [1 - 0.1 / 7.05, 1 - 0.15 / 6.95, 1 - 0.15 / 7.15, 1 - 0.1 / 7, 1 - 0.1 / 7.1];
  expect(silhouette).toBeCloseTo(expected.reduce((sum, value) => sum + value, 0) / 5, 10);
});

it("moves on from its first halves", () => {
  // Halves: -12 -12 -1 around -8.3, the others around 6.25; -1 is nearer to those.
  const { inSmaller } = scope(() => twoMeans(column([-12, -12, -1, 5, 5, 5, 10])));
  expect(inSmaller).toEqual([true, true, false, false, false, false, false]);
});

it("separates nothing where all points are one", () => {
  expect(scope(() => twoMeans(column([0, 0, 0]))).silhouette).toBe(0);
});
