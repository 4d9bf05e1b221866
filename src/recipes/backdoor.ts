/** What the backdoor experiments have in common: Trojaned models, attacks and options of each scale. */
import type { BackdoorSpec } from "../experiments/index.ts";
import type { OptionValues } from "../unlearn/index.ts";
import { expectChoice } from "../util/assert.ts";
import { type Preset, type RecipeOptions, scaleOf, seedsOf } from "./scale.ts";

const attacks = ["badnets", "badnets-bench", "blended", "sig", "wanet"];

interface BackdoorScale {
  /** Of figure 6, the first for `suspects` too. */
  readonly attacks: readonly string[];
  /** Options by method where they are not the published ones. */
  readonly options: Readonly<Record<string, OptionValues>>;
  /** Candidates by method, gentlest first; none where the options are the published ones. */
  readonly candidates: Readonly<Record<string, readonly OptionValues[]>>;
}

/** How far the accuracy on clean held-out images may fall in choosing options: BackdoorBench's for fine-pruning and ANP, here for all alike. */
const tolerance = 0.1;

const quickCleanse = { epochs: 10 } as const;

/** Of the reference implementation's cleanse; without it FT has the rate that is published for random images. */
const published: BackdoorScale["options"] = { finetune: { lr: 0.01 }, "l1-sparse": { gamma: 1e-4 } };

const scales: Readonly<Record<Preset, BackdoorScale>> = {
  quick: {
    attacks,
    options: {
      // A fifth of the published number of batches, and of epochs.
      anp: { iterations: 400 },
      "fine-pruning": { epochs: 20 },
    },
    candidates: {
      finetune: [0.01, 0.02, 0.05, 0.1].map((lr) => ({ ...quickCleanse, lr })),
      // In the order of rate times penalty, by which a step pulls the weights; the last epochs without penalty give accuracy back.
      "l1-sparse": [
        { lr: 0.05, gamma: 5e-4 },
        { lr: 0.05, gamma: 1e-3 },
        { lr: 0.1, gamma: 1e-3 },
        { lr: 0.05, gamma: 5e-3 },
      ].map((options) => ({ ...quickCleanse, ...options, tailEpochs: 3 })),
      // Both train on the images that they are chosen on, so that accuracy there hardly falls: the last candidates are as strong as the training itself was, or as published.
      "finetune-held-out": [0.005, 0.01, 0.02, 0.05].map((lr) => ({ epochs: 20, lr })),
      // From the rate of BackdoorBench to that of the authors.
      "i-bau": [1e-4, 3e-4, 1e-3].map((lr) => ({ lr })),
      // Published is 3.
      clp: [4, 3, 2, 1].map((u) => ({ u })),
    },
  },
  standard: { attacks: ["badnets"], options: published, candidates: {} },
  paper: { attacks, options: published, candidates: {} },
};

/** A way to cleanse with the options of the scale. */
export function wayOf({ preset }: RecipeOptions, label: string, method: string): BackdoorSpec["ways"][number] {
  return { label, method, options: scales[preset].options[method] ?? {} };
}

/** All but what tells one recipe from another. @param searched methods whose options are chosen first, where the scale has candidates */
export function backdoorSpecOf(
  options: RecipeOptions,
  searched: readonly string[],
): Omit<BackdoorSpec, "name" | "title" | "sparsities" | "ways"> {
  const { preset } = options;
  const { train, notes } = scaleOf(preset);
  const { candidates } = scales[preset];
  const isQuick = preset === "quick";
  return {
    preset,
    // Held-out images stay clean.
    train: { ...(isQuick ? quickTraining(train) : train), split: { mode: "standard", validationFraction: 0.1 } },
    attacks: attacksOf(options),
    ratio: 0.1,
    target: 0,
    searches: searched.flatMap((method) => {
      const given = candidates[method];
      return given === undefined ? [] : [{ method, candidates: given, tolerance }];
    }),
    seeds: seedsOf(options),
    notes: isQuick ? [quickNote] : notes,
  };
}

/** In the recipe's order, since options are chosen on models of the first. @throws CoppiceError E_ARG for an attack that the scale does not have */
function attacksOf({ preset, attacks: wanted }: RecipeOptions): readonly string[] {
  const { attacks: own } = scales[preset];
  for (const name of wanted ?? []) expectChoice("attacks", name, own);
  return wanted === undefined ? own : own.filter((name) => wanted.includes(name));
}

/** Four times the images of the other recipes, so that triggers are learnt by more than 95 % at every sparsity. */
function quickTraining(train: BackdoorSpec["train"]): BackdoorSpec["train"] {
  return { ...train, data: { ...train.data, numTrain: 4000 }, recipe: { ...train.recipe, epochs: 16 } };
}

const quickNote =
  "ResNet-20s, the first 4,000 training and 1,000 test images of CIFAR-10, a tenth of them held out, no augmentation, 16 epochs in batches of 50; 10 epochs of the cleanse with options that cost at most 10 points of accuracy on the clean held-out images of one model. The paper: ResNet-18, 45,000 images, 182 epochs, 10 epochs of 159 steps at rate 0.01.";
