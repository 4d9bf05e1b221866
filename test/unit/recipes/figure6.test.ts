import { expect, it } from "vitest";
import { figure6 } from "../../../src/recipes/figure6.ts";

it("cleanses by FT at every sparsity of the figure, by l1-sparse from the dense model alone", () => {
  const { sparsities, ways } = figure6({ preset: "quick" });
  expect(sparsities).toEqual([0, 0.75, 0.9, 0.95, 0.99]);
  expect(ways.map(({ label, sparsities: own }) => [label, own])).toEqual([
    ["FT", undefined],
    ["l1-sparse", [0]],
  ]);
});
