import { expect, it } from "vitest";
import { matched } from "../../../src/recipes/matched.ts";

it("has dense originals of fewer epochs, and sparse ones of fewer, as many and more under the mask", () => {
  const { models, train } = matched({ preset: "quick" });
  expect([train.recipe.epochs, train.rewindEpoch]).toEqual([30, 2]);
  const [dense, sparse] = [models.filter(({ prune }) => !prune), models.filter(({ prune }) => prune)];
  expect(dense.map(({ recipe }) => recipe?.epochs ?? train.recipe.epochs)).toEqual([12, 18, 24, 30]);
  expect(sparse.map(({ prune }) => prune?.epochs)).toEqual([14, 28, 56]);
  expect(new Set(models.map(({ id }) => id)).size).toBe(7);
});
