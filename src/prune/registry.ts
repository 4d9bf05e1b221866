/** The pruners by name. */
import { Registry } from "../util/registry.ts";
import { grasp, graspAsPublished } from "./grasp.ts";
import { imp } from "./imp.ts";
import { omp } from "./omp.ts";
import { checkPruner, type Pruner } from "./pruner.ts";
import { random } from "./random.ts";
import { snip, snipAsPublished } from "./snip.ts";
import { synflow, synflowAsPublished } from "./synflow.ts";

export const prunerRegistry = new Registry<Pruner>(
  "pruner",
  [omp, imp, synflow, synflowAsPublished, snip, snipAsPublished, grasp, graspAsPublished, random],
  checkPruner,
);

export const pruners: readonly Pruner[] = prunerRegistry.all;

/** @throws CoppiceError E_ARG for an unknown name, suggesting the nearest */
export function prunerNamed(name: string): Pruner {
  return prunerRegistry.named(name);
}
