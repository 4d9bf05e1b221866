/**
 * The paper's main table, beside which ours is shown.
 *
 * Source  Jia et al., "Model Sparsity Can Simplify Machine Unlearning", NeurIPS 2023, arXiv:2304.04934: main table, CIFAR-10, ResNet-18,
 *         one-shot magnitude pruning, mean and standard deviation of 10 trials; RTE in minutes, one number for dense and sparse
 */
type MeanAndDeviation = readonly [mean: number, deviation: number];

export interface PublishedScores {
  readonly UA: MeanAndDeviation;
  readonly MIA: MeanAndDeviation;
  readonly RA: MeanAndDeviation;
  readonly TA: MeanAndDeviation;
  /** Disparity Ave. */
  readonly disparity: number;
  readonly minutes: number;
}

type Columns = readonly [
  UA: MeanAndDeviation,
  MIA: MeanAndDeviation,
  RA: MeanAndDeviation,
  TA: MeanAndDeviation,
  disparity: number,
];

function scoresOf([UA, MIA, RA, TA, disparity]: Columns, minutes: number): PublishedScores {
  return { UA, MIA, RA, TA, disparity, minutes };
}

function pair(minutes: number, dense: Columns, sparse: Columns): { dense: PublishedScores; sparse: PublishedScores } {
  return { dense: scoresOf(dense, minutes), sparse: scoresOf(sparse, minutes) };
}

/** Percent and minutes, by kind of scenario and method. */
export const mainTable: Readonly<Record<string, Readonly<Record<string, ReturnType<typeof pair>>>>> = {
  class: {
    Retrain: pair(
      43.23,
      [[100, 0], [100, 0], [100, 0], [94.83, 0.11], 0],
      [[100, 0], [100, 0], [99.99, 0.01], [91.8, 0.89], 0],
    ),
    FT: pair(
      2.52,
      [[22.53, 8.16], [75, 14.68], [99.87, 0.04], [94.31, 0.19], 25.78],
      [[73.64, 9.46], [83.02, 16.33], [99.87, 0.05], [94.32, 0.12], 11.5],
    ),
    GA: pair(
      0.33,
      [[93.08, 2.29], [94.03, 3.27], [92.6, 0.25], [86.64, 0.28], 7.12],
      [[98.09, 1.11], [97.74, 2.24], [87.74, 0.27], [82.58, 0.27], 6.41],
    ),
    FF: pair(
      38.91,
      [[79.93, 8.92], [100, 0], [99.45, 0.24], [94.18, 0.08], 5.32],
      [[94.83, 4.29], [100, 0], [99.48, 0.33], [94.04, 0.1], 1.98],
    ),
    IU: pair(
      3.25,
      [[87.82, 2.15], [95.96, 0.21], [97.98, 0.21], [91.42, 0.21], 5.41],
      [[99.47, 0.15], [99.93, 0.04], [97.24, 0.13], [90.76, 0.18], 1.1],
    ),
  },
  random: {
    Retrain: pair(
      42.15,
      [[5.41, 0.11], [13.12, 0.14], [100, 0], [94.42, 0.09], 0],
      [[6.77, 0.23], [14.17, 0.18], [100, 0], [93.33, 0.12], 0],
    ),
    FT: pair(
      2.33,
      [[6.83, 0.51], [14.97, 0.62], [96.61, 0.25], [90.13, 0.26], 2.74],
      [[5.97, 0.57], [13.36, 0.59], [96.99, 0.31], [90.29, 0.31], 1.92],
    ),
    GA: pair(
      0.31,
      [[7.54, 0.29], [10.04, 0.31], [93.31, 0.04], [89.28, 0.07], 4.26],
      [[5.62, 0.46], [11.76, 0.52], [95.44, 0.11], [89.26, 0.15], 3.05],
    ),
    FF: pair(
      38.24,
      [[7.84, 0.71], [9.52, 0.43], [92.05, 0.16], [88.1, 0.19], 5.08],
      [[8.16, 0.67], [10.8, 0.37], [92.29, 0.24], [87.79, 0.23], 4.5],
    ),
    IU: pair(
      3.22,
      [[2.03, 0.43], [5.07, 0.74], [98.26, 0.29], [91.33, 0.22], 4.07],
      [[6.51, 0.52], [11.93, 0.68], [94.94, 0.31], [88.74, 0.42], 3.08],
    ),
  },
};

interface Which {
  readonly scenario: { readonly kind: string };
  readonly model: { readonly id?: string; readonly sparsity: number; readonly pruner?: string | undefined };
  readonly label: string;
}

/** Recipes whose rows are the paper's. */
const recipes = new Set(["table1", "figure1", "figure5", "pruners", "schedules", "methods"]);
/** Of the one network that the paper trains; an ensemble of shards is not it. */
const paperDense = "dense";

/** The paper's numbers for a row, or null where it has none. */
export function publishedScores(recipe: string, { scenario, model, label }: Which): PublishedScores | null {
  if (!recipes.has(recipe)) return null;
  const found = mainTable[scenario.kind]?.[label];
  if (found === undefined) return null;
  if (model.sparsity === 0) return (model.id ?? paperDense) === paperDense ? found.dense : null;
  return model.sparsity === 0.95 && model.pruner === "omp" ? found.sparse : null;
}

export type PublishedRadii = Readonly<
  Record<"l1-sparse" | "FT", Readonly<Partial<Record<"UA" | "MIA" | "RA" | "TA" | "RTE", number>>>>
>;

/**
 * The paper's radar (figure 5): radii, relative to the outer end of each axis; RTE is FT's at its end. Where a polygon hides another there is no
 * number.
 *
 * Source  as above, figure 5, read to about 0.01; the axes are not scaled alike, so that radii are no percentages
 */
const publishedRadar: Readonly<Record<string, PublishedRadii>> = {
  class: {
    "l1-sparse": { UA: 1, MIA: 1, RA: 0.99, TA: 0.98, RTE: 1 },
    FT: { UA: 0.23, MIA: 0.6, RTE: 1 },
  },
  random: {
    "l1-sparse": { UA: 0.99, MIA: 0.97, RA: 0.975, TA: 0.97, RTE: 1 },
    FT: { UA: 0.74, RA: 0.9, RTE: 1 },
  },
};

/** The paper's radii for a kind of scenario, or undefined where the recipe is not of the paper or it has none. */
export function publishedRadii(recipe: string, kind: string): PublishedRadii | undefined {
  return recipes.has(recipe) ? publishedRadar[kind] : undefined;
}
