import { expect, it } from "vitest";
import { figure5 } from "../../../src/recipes/figure5.ts";

it("sets l1-sparse beside FT, from the dense original alone, and tests their difference", () => {
  const { models, rows, tests, figures } = figure5({ preset: "quick" });
  expect(models.map(({ id }) => id)).toEqual(["dense"]);
  expect(rows.map(({ label }) => label)).toEqual(["FT", "l1-sparse"]);
  expect(tests.map(({ score, first, second }) => `${score} ${first.label} ${second.label}`)).toEqual([
    "UA l1-sparse FT",
    "MIA l1-sparse FT",
    "disparity l1-sparse FT",
  ]);
  expect(figures).toEqual(["radar"]);
});
