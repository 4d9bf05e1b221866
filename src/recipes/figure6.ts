/** Figure 6: attack success and clean accuracy after forgetting the poisoned records, over sparsity. */
import type { CleansingSpec } from "../experiments/index.ts";
import { type Preset, type RecipeOptions, scaleOf, seedsOf } from "./scale.ts";

/** Many steps at a large rate: the trigger is learnt at once and unlearnt slowly. */
const quickOptions = { epochs: 20, lr: 0.05 } as const;

const scales: Readonly<
  Record<Preset, { readonly attacks: readonly string[]; readonly options: object; readonly gamma: number }>
> = {
  quick: { attacks: ["badnets"], options: quickOptions, gamma: 5e-4 },
  standard: { attacks: ["badnets"], options: {}, gamma: 1e-4 },
  paper: { attacks: ["badnets", "badnets-bench", "blended", "sig", "wanet"], options: {}, gamma: 1e-4 },
};

export function figure6(options: RecipeOptions): CleansingSpec {
  const scale = scaleOf(options.preset);
  const { attacks, options: settings, gamma } = scales[options.preset];
  return {
    name: "figure6",
    title: "Figure 6: what is left of a backdoor after forgetting the poisoned records",
    preset: options.preset,
    // Held-out images stay clean.
    train: { ...scale.train, split: { mode: "standard", validationFraction: 0.1 } },
    attacks,
    ratio: 0.1,
    target: 0,
    sparsities: [0, 0.75, 0.9, 0.95, 0.99],
    ways: [
      { label: "FT", method: "finetune", options: { ...settings } },
      { label: "l1-sparse", method: "l1-sparse", options: { ...settings, gamma }, sparsities: [0] },
    ],
    seeds: seedsOf(options),
    notes: [
      ...scale.notes,
      ...(options.preset === "quick"
        ? [
            "20 epochs of 17 steps at rate 0.05: the published 10 epochs of 159 steps at 0.01 leave the trigger where it is at this scale.",
          ]
        : []),
    ],
  };
}
