/** The backdoor attacks by name. */
import { expectChoice } from "../../util/assert.ts";
import { invariant } from "../../util/errors.ts";
import type { Attack } from "./attack.ts";
import { badnetsBench } from "./badnets-bench.ts";
import { badnets } from "./badnets.ts";
import { blended } from "./blended.ts";
import { sig } from "./sig.ts";
import { wanet } from "./wanet.ts";

export const attacks: readonly Attack[] = [badnets, badnetsBench, blended, sig, wanet];

/** @throws CoppiceError E_ARG for an unknown name, suggesting the nearest. */
export function attackNamed(name: string): Attack {
  const names = attacks.map((attack) => attack.name);
  const found = attacks.find((attack) => attack.name === expectChoice("attack", name, names));
  invariant(found, `no attack ${name}`);
  return found;
}
