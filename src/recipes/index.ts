/** Whole experiments as typed functions. */
export { demo } from "./demo.ts";
export { cleansingRecipes, figure6, suspects } from "./figure6.ts";
export { type Recipe, recipeNamed, recipeNames } from "./registry.ts";
export { type Preset, presets, type RecipeOptions } from "./scale.ts";
export { quickTransfer } from "./transfer.ts";
export { quickTheory } from "./theory.ts";
