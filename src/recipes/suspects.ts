/** How much a cleanse depends on the list of suspects: shares of the poison known, and clean images suspected too. */
import type { BackdoorSpec } from "../experiments/index.ts";
import { backdoorSpecOf, wayOf } from "./backdoor.ts";
import type { RecipeOptions } from "./scale.ts";

export function suspects(options: RecipeOptions): BackdoorSpec {
  const given = (label: string, known: number, mixed: number): BackdoorSpec["ways"][number] => ({
    ...wayOf(options, `l1-sparse, ${label}`, "l1-sparse"),
    suspects: { known, mixed },
  });
  const spec = backdoorSpecOf(options, ["l1-sparse"]);
  return {
    ...spec,
    attacks: spec.attacks.slice(0, 1),
    name: "suspects",
    title: "What is left of a backdoor when not all poisoned images are known, or clean ones are suspected too",
    sparsities: [0],
    ways: [
      ...[0.1, 0.25, 0.5, 0.75, 0.9, 1].map((known) => given(`known ${known}`, known, 0)),
      ...[0.5, 1, 2].map((mixed) => given(`all known, ${mixed} clean for each`, 1, mixed)),
    ],
  };
}
