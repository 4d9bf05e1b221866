import { expect, it } from "vitest";
import { backdoorRecipes, recipeNamed, recipeNames } from "../../../src/recipes/registry.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it("has every recipe under the name that it gives its grid", () => {
  for (const name of recipeNames) expect(recipeNamed(name)({ preset: "quick" }).name).toBe(name);
  for (const [name, recipe] of Object.entries(backdoorRecipes)) expect(recipe({ preset: "quick" }).name).toBe(name);
});

it("suggests the nearest name for one that it does not have", () => {
  const error = thrownBy(() => recipeNamed("figure7"));
  expect(error.code).toBe("E_ARG");
  expect(error.message).toMatch(/^recipe: expected .*figure1.*, got .*figure7/);
});
