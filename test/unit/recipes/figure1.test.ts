import { expect, it } from "vitest";
import { figure1 } from "../../../src/recipes/figure1.ts";

it("goes over the authors' sparsities, class-wise, and draws its curves", () => {
  const { models, scenarios, figures } = figure1({ preset: "quick" });
  expect(models.map(({ prune }) => prune?.sparsity ?? 0)).toEqual([0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995]);
  expect(scenarios.map(({ id }) => id)).toEqual(["class"]);
  expect(figures).toEqual(["sparsity-curves"]);
});
