/** The recipes of `coppice experiment` by name. */
import type { BackdoorSpec, GridSpec } from "../experiments/index.ts";
import { expectChoice } from "../util/assert.ts";
import { defences } from "./defences.ts";
import { figure1 } from "./figure1.ts";
import { figure5 } from "./figure5.ts";
import { figure6 } from "./figure6.ts";
import { matched } from "./matched.ts";
import { methods } from "./methods.ts";
import { pruners } from "./pruners.ts";
import type { RecipeOptions } from "./scale.ts";
import { schedules } from "./schedules.ts";
import { suspects } from "./suspects.ts";
import { table1 } from "./table1.ts";

export type Recipe = (options: RecipeOptions) => GridSpec;

const recipes = { table1, figure1, figure5, pruners, schedules, methods, matched } as const satisfies Record<
  string,
  Recipe
>;

export const recipeNames = Object.keys(recipes) as (keyof typeof recipes)[];

/** @throws CoppiceError E_ARG for an unknown name, suggesting the nearest. */
export function recipeNamed(name: string): Recipe {
  return recipes[expectChoice("recipe", name, recipeNames)];
}

/** Those on Trojaned models, whose record is a backdoor experiment. */
export const backdoorRecipes: Readonly<Record<string, (options: RecipeOptions) => BackdoorSpec>> = {
  figure6,
  suspects,
  defences,
};
