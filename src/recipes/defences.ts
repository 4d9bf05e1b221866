/** Forgetting the poisoned images beside defences that do not ask which they are. */
import type { BackdoorSpec } from "../experiments/index.ts";
import { backdoorSpecOf, wayOf } from "./backdoor.ts";
import type { RecipeOptions } from "./scale.ts";

/** The defences have clean held-out images instead. Fine-pruning and ANP set a threshold on them; options of the others are chosen on them, as ours are. */
export function defences(options: RecipeOptions): BackdoorSpec {
  return {
    ...backdoorSpecOf(options, ["finetune", "l1-sparse", "finetune-held-out", "clp", "i-bau"]),
    name: "defences",
    title: "Forgetting the poisoned images beside defences that see clean held-out images alone",
    sparsities: [0],
    ways: [
      wayOf(options, "FT", "finetune"),
      wayOf(options, "l1-sparse", "l1-sparse"),
      wayOf(options, "fine-tuning on held-out images", "finetune-held-out"),
      wayOf(options, "fine-pruning", "fine-pruning"),
      wayOf(options, "CLP", "clp"),
      wayOf(options, "ANP", "anp"),
      wayOf(options, "I-BAU", "i-bau"),
    ],
  };
}
