/** The scales of the paper's experiments: its own, one for a GPU and an evening, and one for two cores and two hours. */
import type { GridModel, GridRow, GridScenario } from "../experiments/index.ts";
import { defined } from "../util/defined.ts";
import type { TrainConfig } from "../stages/index.ts";

export const presets = ["quick", "standard", "paper"] as const;
export type Preset = (typeof presets)[number];

export interface RecipeOptions {
  readonly preset: Preset;
  /** How many, from 1 on. Default the scale's. */
  readonly seeds?: number;
  /** Of a recipe on Trojaned models: which of its attacks. Default all. */
  readonly attacks?: readonly string[];
}

export interface Scale {
  readonly train: TrainConfig;
  readonly seeds: number;
  /** Options at this scale by method; absent: defaults and presets of the method. */
  readonly options: Readonly<Record<string, GridRow["options"]>>;
  readonly notes: readonly string[];
}

/**
 * Where FF (Fisher forgetting) and IU (influence unlearning) as published are not what their sources define, the published variant: with it the authors' strengths hold, which are presets
 * (`src/unlearn/presets.ts`), as are the rates of FT and GA on random images.
 */
const published: Scale["options"] = { fisher: { variant: "reference" }, influence: { variant: "reference" } };

/** What a table of published numbers must be read with. */
const publishedNotes = [
  "FF (Fisher forgetting) and IU (influence unlearning) are the published variants (squares of the mean gradient of 32 images; a recursion that is all but the identity), not this project's defaults. No setting was published for a cell of the tables: the strengths (FF 3e-8; IU 1 class-wise, 10 random; l1-sparse 1e-4) and the rates on random images (FT 0.04, GA 1e-3) are from the authors' code, their answers and later papers, as `coppice methods` says. FF and IU take images without augmentation.",
  "Differs from the published runs: Retrain trains as many epochs as the original (there 160 for 182); a network pruned by OMP or IMP trains what is left after the rewinding epoch, so that sparse and dense have the same number behind them (there all 182 again); originals are those of the last epoch (there of the best validation accuracy); all stages of a seed have the same split (there two); FF resets the last layer's row of a class only where a class is forgotten (there class 9's for random images).",
];

/**
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934: 45,000 images, 182 epochs, batch 256, rate 0.1 divided by ten at 1/2 and 3/4,
 *            rewinding to epoch 8, ten trials
 */
const paper: Scale = {
  train: {
    data: { name: "cifar10", allowUnverified: false },
    split: { mode: "standard", validationFraction: 0.1 },
    arch: "resnet18",
    stem: "cifar",
    recipe: {
      epochs: 182,
      batchSize: 256,
      optimizer: "sgd",
      lr: 0.1,
      momentum: 0.9,
      weightDecay: 5e-4,
      nesterov: false,
      schedule: "multistep",
      milestones: [0.5, 0.75],
      warmupEpochs: 0,
      augment: true,
    },
    rewindEpoch: 8,
    seed: 1,
    device: "cpu",
  },
  seeds: 10,
  options: published,
  notes: publishedNotes,
};

const scales: Readonly<Record<Preset, Scale>> = {
  paper,
  standard: {
    ...paper,
    train: { ...paper.train, recipe: { ...paper.train.recipe, epochs: 60 }, rewindEpoch: 3 },
    seeds: 3,
    notes: [
      "60 epochs instead of the paper's 182, rewinding to epoch 3 instead of 8, and 3 seeds instead of 10.",
      ...publishedNotes,
    ],
  },
  quick: {
    train: {
      ...paper.train,
      data: { name: "cifar10", allowUnverified: false, numTrain: 1000, numTest: 1000 },
      split: { mode: "standard", validationFraction: 0 },
      arch: "resnet20s",
      recipe: { ...paper.train.recipe, epochs: 30, batchSize: 50, lr: 0.05, augment: false },
      rewindEpoch: 2,
    },
    seeds: 2,
    // The published rates and strengths are for ten times as many steps, or for larger networks.
    options: {
      finetune: { epochs: 5, lr: 0.02 },
      "gradient-ascent": { epochs: 5, lr: 1e-3 },
      "l1-sparse": { epochs: 5, lr: 0.02, gamma: 1e-3 },
      "finetune-prune": { epochs: 5, lr: 0.02, sparsity: 0.95 },
      "boundary-shrink": { epochs: 5, lr: 1e-3 },
      "boundary-expand": { epochs: 5, lr: 1e-3 },
      "random-label": { epochs: 5 },
      salun: { epochs: 5 },
      scrub: { epochs: 5, maxEpochs: 3, lr: 5e-3 },
      "neggrad-plus": { epochs: 5 },
      "cf-k": { epochs: 5 },
    },
    notes: [
      "ResNet-20s, the first 1,000 training and 1,000 test images of CIFAR-10, no augmentation, 30 epochs in batches of 50, so that the original fits its images; the paper: ResNet-18, 45,000 images, 182 epochs, ten seeds.",
    ],
  },
};

export function scaleOf(preset: Preset): Scale {
  return scales[preset];
}

export function seedsOf({ preset, seeds = scales[preset].seeds }: RecipeOptions): number[] {
  return Array.from({ length: seeds }, (_, i) => i + 1);
}

export const dense: GridModel = { id: "dense", label: "dense" };

/** The authors' sparsities, as tables name them. */
const sparsityNames = { 0.5: "50 %", 0.75: "75 %", 0.9: "90 %", 0.95: "95 %", 0.99: "99 %", 0.995: "99.5 %" } as const;

/** Pruned once by magnitude from the fitted weights, rewound and trained again under the mask. */
export function omp(sparsity: keyof typeof sparsityNames): GridModel {
  return {
    id: `omp${String(sparsity).slice("0.".length)}`,
    label: `OMP ${sparsityNames[sparsity]}`,
    prune: { pruner: "omp", sparsity },
  };
}

/** The rows of the main table by the paper's names. */
export function methodRows(scale: Scale, methods: readonly string[]): GridRow[] {
  return methods.map((method) => {
    const label = paperNames[method];
    return { method, options: scale.options[method] ?? {}, ...defined({ label }) };
  });
}

const paperNames: Readonly<Record<string, string>> = {
  finetune: "FT",
  "gradient-ascent": "GA",
  fisher: "FF",
  influence: "IU",
  "l1-sparse": "l1-sparse",
};

export const classWise: GridScenario = {
  id: "class",
  title: "Class-wise forgetting",
  description: "All images of class 0 (airplane) are forgotten; the class leaves the test set too.",
  request: { kind: "class", classes: [0] },
};

export const randomTenth: GridScenario = {
  id: "random",
  title: "Random forgetting",
  description: "A random tenth of the training images is forgotten.",
  request: { kind: "random", fraction: 0.1 },
};
