/** The sparse engine with activations in bfloat16 against itself in float32. */
import type { Benchmark, Measurement } from "./result.ts";
import { summarize } from "./result.ts";
import { inTurns, ourTraining, type Pruning, ready, type Side } from "./side.ts";
import { trainedModel } from "./trained.ts";

const pairs = 9;
const kinds = [
  { name: "train", what: "a training step", count: 6, seconds: (side: Side, count: number) => side.seconds(count) },
  {
    name: "eval",
    what: "the evaluation",
    count: 16,
    seconds: (side: Side, count: number) => side.evaluationSeconds(count),
  },
] as const;
const patterns: readonly Pruning[] = [
  { allocation: "uniform", sparsity: 0.9 },
  { allocation: "uniform", sparsity: 0.95 },
  { allocation: "uniform", sparsity: 0.99 },
  { allocation: "global", sparsity: 0.95 },
];

async function compare(pattern: Pruning, { count, seconds }: (typeof kinds)[number]): Promise<Measurement> {
  const pruning = pattern.allocation === "global" ? { ...pattern, model: trainedModel() } : pattern;
  await using single = ourTraining({ pruning });
  await using bf16 = ourTraining({ pruning, precision: "bf16" });
  const versions = await ready([single, bf16]);
  for (const side of [single, bf16]) await seconds(side, 2);
  const rounds = await inTurns([single, bf16], pairs, async (side) => (await seconds(side, count)) / count);
  const samples = rounds.map(([ofSingle = NaN, ofBf16 = NaN]) => ({ single: ofSingle, bf16: ofBf16 }));
  return {
    samples: samples.map((sample) => sample.single / sample.bf16),
    details: {
      float32Seconds: summarize(samples.map((sample) => sample.single)).value,
      bf16Seconds: summarize(samples.map((sample) => sample.bf16)).value,
    },
    versions,
  };
}

export const precisionBenchmarks: readonly Benchmark[] = patterns.flatMap((pattern) =>
  kinds.map((kind): Benchmark => {
    const percent = 100 * pattern.sparsity;
    return {
      name: `bf16-${kind.name}-${pattern.allocation}${percent}-b64`,
      unit: "ratio",
      measures: `the time of the sparse engine in float32 over its time in bf16 for ${kind.what} of ResNet-18, batch 64, ${percent} % sparse (${pattern.allocation}): above 1 is faster`,
      better: "higher",
      target: "at least 1.3",
      meets: ({ value }) => value >= 1.3,
      run: () => compare(pattern, kind),
    };
  }),
);
