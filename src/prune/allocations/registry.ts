/** The allocations by name. */
import { expectChoice } from "../../util/assert.ts";
import { invariant } from "../../util/errors.ts";
import type { Allocation } from "../allocation.ts";
import { erk } from "./erk.ts";
import { flops } from "./flops.ts";
import { global } from "./global.ts";
import { layerWise } from "./layer-wise.ts";
import { nOfM } from "./n-of-m.ts";
import { uniform } from "./uniform.ts";

export const allocations: readonly Allocation[] = [global, layerWise, uniform, erk, flops, nOfM];

/** @throws CoppiceError E_ARG for an unknown name, suggesting the nearest. */
export function allocationNamed(name: string): Allocation {
  const names = allocations.map((allocation) => allocation.name);
  const found = allocations.find((allocation) => allocation.name === expectChoice("allocation", name, names));
  invariant(found, `no allocation ${name}`);
  return found;
}
