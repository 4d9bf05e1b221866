/** The backdoor attacks by name. */
import { Registry } from "../../util/registry.ts";
import { type Attack, checkAttack } from "./attack.ts";
import { badnetsBench } from "./badnets-bench.ts";
import { badnets } from "./badnets.ts";
import { blended } from "./blended.ts";
import { sig } from "./sig.ts";
import { wanet } from "./wanet.ts";

export const attackRegistry = new Registry<Attack>("attack", [badnets, badnetsBench, blended, sig, wanet], checkAttack);

export const attacks: readonly Attack[] = attackRegistry.all;

/** @throws CoppiceError E_ARG for an unknown name, suggesting the nearest */
export function attackNamed(name: string): Attack {
  return attackRegistry.named(name);
}
