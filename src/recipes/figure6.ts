/** Figure 6: attack success and clean accuracy after forgetting the poisoned images, over sparsity. */
import type { BackdoorSpec } from "../experiments/index.ts";
import { backdoorSpecOf, wayOf } from "./backdoor.ts";
import type { RecipeOptions } from "./scale.ts";

export function figure6(options: RecipeOptions): BackdoorSpec {
  return {
    ...backdoorSpecOf(options, ["finetune", "l1-sparse"]),
    name: "figure6",
    title: "Figure 6: what is left of a backdoor after forgetting the poisoned images",
    sparsities: [0, 0.75, 0.9, 0.95, 0.99],
    ways: [wayOf(options, "FT", "finetune"), { ...wayOf(options, "l1-sparse", "l1-sparse"), sparsities: [0] }],
  };
}
