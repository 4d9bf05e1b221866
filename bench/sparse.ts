/** Training and evaluation with live weights only against dense PyTorch in Python, in the better of its two memory formats. */
import type { Benchmark, Measurement } from "./result.ts";
import { summarize } from "./result.ts";
import { ourTraining, pytorchTraining, ready, type Side } from "./side.ts";

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

/** Dense time over ours for each density, and the smallest ratio that is wanted of training and evaluation. */
const uniform = [
  { sparsity: 90, target: 4.3 },
  { sparsity: 95, target: 6.5 },
  { sparsity: 99, target: 13 },
] as const;

async function compare(density: number, { seconds, theirs, ours }: Kind): Promise<Measurement> {
  await using our = ourTraining(density);
  await using contiguous = pytorchTraining();
  await using channelsLast = pytorchTraining("channels-last");
  const sides = [our, contiguous, channelsLast];
  const versions = await ready(sides);
  for (const side of sides) await seconds(side, warmup);
  const samples: { ours: number; theirs: number }[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    // Each pair starts with another side, so that a machine growing slower favours nobody.
    const order = [...sides.slice(pair % 3), ...sides.slice(0, pair % 3)];
    const each = new Map<Side, number>();
    for (const side of order) {
      const count = side === our ? ours : theirs;
      each.set(side, (await seconds(side, count)) / count);
    }
    const of = (side: Side): number => each.get(side) ?? NaN;
    samples.push({ ours: of(our), theirs: Math.min(of(contiguous), of(channelsLast)) });
  }
  return {
    samples: samples.map((sample) => sample.theirs / sample.ours),
    details: {
      ourSeconds: summarize(samples.map((sample) => sample.ours)).value,
      pytorchSeconds: summarize(samples.map((sample) => sample.theirs)).value,
    },
    versions,
  };
}

export const sparseBenchmarks: readonly Benchmark[] = uniform.flatMap(({ sparsity, target }) =>
  kinds.map((kind) => ({
    name: `sparse-${kind.name}-uniform${sparsity}-b64`,
    unit: "ratio",
    measures: `dense PyTorch's time over ours for ${kind.what} of ResNet-18, batch 64, ${sparsity} % of each layer pruned: above 1 is faster`,
    better: "higher" as const,
    target: `at least ${target}`,
    meets: ({ value }) => value >= target,
    run: () => compare(1 - sparsity / 100, kind),
  })),
);
