import { expect, it } from "vitest";
import { checkConfig } from "../../../src/record/config.ts";
import { recipeConfigSchema } from "../../../src/record/recipe-config.ts";
import { trainConfig } from "../../support/configs.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it.each<[object, string]>([
  [{ optimizer: "sgdd" }, 'optimizer: expected one of sgd, adam, adamw, got "sgdd"'],
  [{ schedule: 1 }, "schedule: expected one of multistep, cosine, onecycle, constant, got 1"],
  [{ milestones: ["half"] }, "milestones.0: expected number, got string"],
])("refuses %j, by name", (change, message) => {
  const { recipe } = trainConfig;
  expect(checkConfig(recipeConfigSchema, recipe)).toBe(recipe);
  expect(thrownBy(() => checkConfig(recipeConfigSchema, { ...recipe, ...change })).message).toBe(message);
});
