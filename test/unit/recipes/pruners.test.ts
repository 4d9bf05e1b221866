import { expect, it } from "vitest";
import { pruners } from "../../../src/recipes/pruners.ts";

it("prunes by three pruners to the same sparsity, and tests the others against OMP", () => {
  const { models, tests } = pruners({ preset: "quick" });
  const pruned = models.flatMap(({ prune }) => prune ?? []);
  expect(pruned.map(({ pruner }) => pruner)).toEqual(["omp", "imp", "synflow"]);
  expect(new Set(pruned.map(({ sparsity }) => sparsity))).toEqual(new Set([0.95]));
  expect(tests.map(({ first, second }) => [first.model, second.model])).toEqual([
    ["imp95", "omp95"],
    ["synflow95", "omp95"],
  ]);
});
