/** Whole experiments as typed functions. */
export { demo } from "./demo.ts";
export { defences } from "./defences.ts";
export { figure6 } from "./figure6.ts";
export { backdoorRecipes, type Recipe, recipeNamed, recipeNames } from "./registry.ts";
export { type Preset, presets, type RecipeOptions } from "./scale.ts";
export { suspects } from "./suspects.ts";
export { quickTransfer } from "./transfer.ts";
export { quickTheory } from "./theory.ts";
