/** The allocations by name. */
import { Registry } from "../../util/registry.ts";
import { type Allocation, checkAllocation } from "../allocation.ts";
import { erk } from "./erk.ts";
import { flops } from "./flops.ts";
import { global } from "./global.ts";
import { layerWise } from "./layer-wise.ts";
import { nOfM } from "./n-of-m.ts";
import { uniform } from "./uniform.ts";

export const allocationRegistry = new Registry<Allocation>(
  "allocation",
  [global, layerWise, uniform, erk, flops, nOfM],
  checkAllocation,
);

export const allocations: readonly Allocation[] = allocationRegistry.all;

/** @throws CoppiceError E_ARG for an unknown name, suggesting the nearest */
export function allocationNamed(name: string): Allocation {
  return allocationRegistry.named(name);
}
