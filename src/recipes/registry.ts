/** The recipes of `coppice experiment` by name. */
import type { SuiteSpec } from "../experiments/index.ts";
import { expectChoice } from "../util/assert.ts";
import { methodsTable } from "./methods.ts";
import { quickCifar10 } from "./quick-cifar10.ts";

const recipes = { "quick-cifar10": quickCifar10, methods: methodsTable } as const satisfies Record<
  string,
  () => SuiteSpec
>;

export const recipeNames = Object.keys(recipes) as (keyof typeof recipes)[];

/** @throws CoppiceError E_ARG for an unknown name, suggesting the nearest. */
export function recipeNamed(name: string): () => SuiteSpec {
  return recipes[expectChoice("recipe", name, recipeNames)];
}
