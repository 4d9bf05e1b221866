/** The sparse engine with activations in bfloat16 against itself in float32. */
import type { Benchmark, Measurement } from "./result.ts";
import { summarize } from "./result.ts";
import { ourTraining, type Pruning, ready, type Side } from "./side.ts";
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
  const samples: { single: number; bf16: number }[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const each = new Map<Side, number>();
    for (const side of pair % 2 === 0 ? [single, bf16] : [bf16, single]) {
      each.set(side, (await seconds(side, count)) / count);
    }
    samples.push({ single: each.get(single) ?? NaN, bf16: each.get(bf16) ?? NaN });
  }
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
