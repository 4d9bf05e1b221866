/** The recipes of `coppice experiment`: by name, or from a TypeScript or JavaScript file of the user's. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { checkGridShape, type GridSpec } from "../experiments/index.ts";
import {
  backdoorRecipes,
  type Recipe,
  recipeNamed,
  recipeNames as gridRecipeNames,
  type RecipeOptions,
} from "../recipes/index.ts";
import { importFile } from "../library/index.ts";
import { expectChoice } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";

/** Of grids and of grids of cleanses. */
export const recipeNames: readonly string[] = [...gridRecipeNames, ...Object.keys(backdoorRecipes)];

/**
 * The grid of the recipe `name`, or of the file `name`. A recipe's name goes before a file or folder of that name: results are often kept
 * under it.
 * @throws CoppiceError E_ARG for what is neither, or a file that gives no grid
 */
export async function gridOf(name: string, options: RecipeOptions): Promise<GridSpec> {
  if (recipeNames.includes(name) || !existsSync(name))
    return recipeNamed(expectChoice("recipe", name, recipeNames))(options);
  const recipe = await recipeIn(name);
  const grid = await runUserCode(name, "a recipe that returns a grid", async () => await recipe(options));
  return checkGridShape(grid, name);
}

async function recipeIn(file: string): Promise<(options: RecipeOptions) => unknown> {
  const module = await importFile(resolve(file));
  if (typeof module["recipe"] === "function") return module["recipe"] as Recipe;
  throw new CoppiceError("E_ARG", `${file}: expected an exported function \`recipe\`, got ${typeof module["recipe"]}`, {
    hint: "export it: export const recipe = ({ preset, seeds }) => ({ … }), see docs/explanation/experiments.md",
  });
}

/** What `run` gives, which is code from `file`. @throws CoppiceError E_ARG with what that code has thrown */
async function runUserCode<T>(file: string, expected: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const thrown = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new CoppiceError("E_ARG", `${file}: expected ${expected}, got ${thrown}`, {
      hint: "--debug shows where",
      cause: error,
    });
  }
}
