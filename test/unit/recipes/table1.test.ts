import { expect, it } from "vitest";
import { table1 } from "../../../src/recipes/table1.ts";

it("has the methods of the main table from a dense and a 95 % sparse original, class-wise and random", () => {
  const { rows, models, scenarios } = table1({ preset: "paper" });
  expect(rows.map(({ label }) => label)).toEqual(["FT", "GA", "FF", "IU", "l1-sparse"]);
  expect(models.map(({ prune }) => prune?.sparsity ?? 0)).toEqual([0, 0.95]);
  expect(scenarios.map(({ request }) => request.kind)).toEqual(["class", "random"]);
});

it("tests each published method sparse against dense", () => {
  const { tests } = table1({ preset: "quick" });
  expect(tests.map(({ first }) => first.label)).toEqual(["FT", "GA", "FF", "IU"]);
  for (const { first, second } of tests) expect([first.model, second.model]).toEqual(["omp95", "dense"]);
});
