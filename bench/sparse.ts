/** Training and evaluation with live weights only against dense PyTorch in Python, in the better of its two memory formats. */
import type { Benchmark, Measurement } from "./result.ts";
import { summarize } from "./result.ts";
import { inTurns, ourTraining, type Pruning, pytorchTraining, ready, type Side } from "./side.ts";
import { trainedModel } from "./trained.ts";

const pairs = 9;
const warmup = 2;

interface Kind {
  readonly name: "train" | "eval";
  readonly what: string;
  /** Steps or batches a sample, of theirs and of ours: about as long as each other. */
  readonly theirs: number;
  readonly ours: number;
  readonly seconds: (side: Side, count: number) => Promise<number>;
}

const kinds: readonly Kind[] = [
  { name: "train", what: "a training step", theirs: 1, ours: 4, seconds: (side, count) => side.seconds(count) },
  {
    name: "eval",
    what: "the evaluation",
    theirs: 3,
    ours: 12,
    seconds: (side, count) => side.evaluationSeconds(count),
  },
];

interface Pattern {
  readonly allocation: Pruning["allocation"];
  /** In percent. */
  readonly sparsity: number;
  /** The smallest ratio that is wanted of dense time over ours. */
  readonly targets: Readonly<Record<Kind["name"], number>>;
  readonly what: string;
}

const byChance = "each layer pruned by chance";
const byMagnitude = "the weights of smallest magnitude of a trained network pruned, all layers ranked together";
const patterns: readonly Pattern[] = [
  { allocation: "uniform", sparsity: 90, targets: { train: 4.3, eval: 4.3 }, what: byChance },
  { allocation: "uniform", sparsity: 95, targets: { train: 6.5, eval: 6.5 }, what: byChance },
  { allocation: "uniform", sparsity: 99, targets: { train: 13, eval: 13 }, what: byChance },
  { allocation: "global", sparsity: 90, targets: { train: 1.8, eval: 1.6 }, what: byMagnitude },
  { allocation: "global", sparsity: 95, targets: { train: 3, eval: 2.8 }, what: byMagnitude },
  { allocation: "global", sparsity: 99, targets: { train: 6.5, eval: 6.5 }, what: byMagnitude },
];
// Beyond these the numbers are for information.
const batchSizesWithTargets = [64, 128];
const batchSizes = [...batchSizesWithTargets, 256];

async function compare(
  { allocation, sparsity }: Pattern,
  batchSize: number,
  { seconds, theirs, ours }: Kind,
): Promise<Measurement> {
  const model = allocation === "global" ? { model: trainedModel() } : {};
  await using our = ourTraining({ batchSize, pruning: { allocation, sparsity: sparsity / 100, ...model } });
  await using contiguous = pytorchTraining("contiguous", batchSize);
  await using channelsLast = pytorchTraining("channels-last", batchSize);
  const sides = [our, contiguous, channelsLast];
  const versions = await ready(sides);
  for (const side of sides) await seconds(side, warmup);
  const rounds = await inTurns(sides, pairs, async (side) => {
    const count = side === our ? ours : theirs;
    return (await seconds(side, count)) / count;
  });
  const samples = rounds.map(([own = NaN, ...formats]) => ({ ours: own, theirs: Math.min(...formats) }));
  return {
    samples: samples.map((sample) => sample.theirs / sample.ours),
    details: {
      ourSeconds: summarize(samples.map((sample) => sample.ours)).value,
      pytorchSeconds: summarize(samples.map((sample) => sample.theirs)).value,
    },
    versions,
  };
}

export const sparseBenchmarks: readonly Benchmark[] = batchSizes.flatMap((batchSize) =>
  patterns.flatMap((pattern) =>
    kinds.map((kind): Benchmark => {
      const target = batchSizesWithTargets.includes(batchSize) ? pattern.targets[kind.name] : 1;
      return {
        name: `sparse-${kind.name}-${pattern.allocation}${pattern.sparsity}-b${batchSize}`,
        unit: "ratio",
        measures: `dense PyTorch's time over ours for ${kind.what} of ResNet-18, batch ${batchSize}, ${pattern.sparsity} % sparse, ${pattern.what}: above 1 is faster`,
        better: "higher",
        target: `at least ${target}`,
        meets: ({ value }) => value >= target,
        run: () => compare(pattern, batchSize, kind),
      };
    }),
  ),
);
