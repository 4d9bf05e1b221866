/** The pruners by name. */
import { expectChoice } from "../util/assert.ts";
import { invariant } from "../util/errors.ts";
import { grasp, graspAsPublished } from "./grasp.ts";
import { imp } from "./imp.ts";
import { omp } from "./omp.ts";
import type { Pruner } from "./pruner.ts";
import { random } from "./random.ts";
import { snip, snipAsPublished } from "./snip.ts";
import { synflow, synflowAsPublished } from "./synflow.ts";

export const pruners: readonly Pruner[] = [
  omp,
  imp,
  synflow,
  synflowAsPublished,
  snip,
  snipAsPublished,
  grasp,
  graspAsPublished,
  random,
];

/** @throws CoppiceError E_ARG for an unknown name, suggesting the nearest. */
export function prunerNamed(name: string): Pruner {
  const names = pruners.map((pruner) => pruner.name);
  const found = pruners.find((pruner) => pruner.name === expectChoice("pruner", name, names));
  invariant(found, `no pruner ${name}`);
  return found;
}
