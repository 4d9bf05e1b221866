/** A grid of the dense model and of pruned ones, two scenarios, two seeds: the rows that the published findings look at. */
export const train = {
  data: { name: "embedded", allowUnverified: false, numTrain: 200, numTest: 100 },
  split: { mode: "standard", validationFraction: 0 },
  arch: "resnet20s",
  stem: "cifar",
  recipe: {
    epochs: 5,
    batchSize: 20,
    optimizer: "sgd",
    lr: 0.05,
    momentum: 0.9,
    weightDecay: 5e-4,
    nesterov: false,
    schedule: "multistep",
    milestones: [0.5, 0.75],
    warmupEpochs: 0,
    augment: false,
  },
  rewindEpoch: 1,
  seed: 1,
  device: "cpu",
};

const models = [
  { id: "dense", label: "dense" },
  { id: "omp95", label: "OMP 95 %", prune: { pruner: "omp", sparsity: 0.95, epochs: 2 } },
  { id: "imp95", label: "IMP 95 %", prune: { pruner: "imp", sparsity: 0.95, rate: 0.8, epochs: 1 } },
  { id: "synflow95", label: "SynFlow 95 %", prune: { pruner: "synflow", sparsity: 0.95, epochs: 2 } },
];

const scenarios = [
  { id: "class", title: "Class-wise", description: "A class.", request: { kind: "class", classes: [0] } },
  { id: "random", title: "Random", description: "A part.", request: { kind: "random", fraction: 0.15 } },
];

export const options = { epochs: 2, lr: 0.02 };

const l1Sparse = (label, more, on) => ({
  method: "l1-sparse",
  label,
  options: { ...options, gamma: 1e-3, ...more },
  models: on,
});

const rows = [
  { method: "finetune", label: "FT", options },
  { method: "gradient-ascent", label: "GA", options: { epochs: 2, lr: 1e-3 }, models: ["dense", "omp95"] },
  { method: "influence", label: "IU", options: { samples: 20 }, models: ["dense", "omp95"] },
  l1Sparse("l1-sparse", {}, ["dense", "omp95"]),
  l1Sparse("decreasing", { gamma: 2e-3, schedule: "decay" }, ["dense"]),
  l1Sparse("constant", { gamma: 2e-3, schedule: "constant" }, ["dense"]),
  l1Sparse("increasing", { gamma: 2e-3, schedule: "increase" }, ["dense"]),
];

const side = (label, model) => ({ label, model });

export const grid = {
  name: "numbers",
  title: "Numbers that must not move",
  preset: "quick",
  train,
  models,
  scenarios,
  rows,
  seeds: [1, 2],
  tests: [
    { score: "disparity", first: side("FT", "omp95"), second: side("FT", "dense") },
    { score: "MIA", first: side("l1-sparse", "dense"), second: side("FT", "dense") },
  ],
  findings: [
    "disparity-falls",
    "finetune-unlearns-sparse",
    "l1-close-to-retrain",
    "sparser-forgets-more",
    "one-shot-is-enough",
    "decaying-penalty",
    "sparsity-or-fit",
  ],
  figures: ["radar", "method-bars"],
  notes: ["A grid of this size says nothing about unlearning."],
};

export const recipe = () => grid;
