/** Whole experiments as typed functions. */
export { demo } from "./demo.ts";
export { quickCifar10 } from "./quick-cifar10.ts";
export { quickTheory } from "./theory.ts";
export { recipeNamed, recipeNames } from "./registry.ts";
