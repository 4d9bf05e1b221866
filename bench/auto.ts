/** Whether `auto` chooses well: a training step with the engine it takes against one with dense operators under the same mask. */
import type { Benchmark, Measurement } from "./result.ts";
import { summarize } from "./result.ts";
import { inTurns, ourTraining, ready } from "./side.ts";

const pairs = 9;
const batchSize = 256;
/** Steps a sample: long enough for the clock, short enough for patience. */
const networks = [
  { arch: "resnet20s", steps: 2 },
  { arch: "resnet18", steps: 1 },
] as const;
const sparsities = [0, 50, 75, 90, 95, 99];
// The same operators on both sides differ by noise alone.
const noise = 0.05;

async function compare(arch: string, sparsity: number, steps: number): Promise<Measurement> {
  const options = { arch, batchSize, pruning: { allocation: "uniform", sparsity: sparsity / 100 } } as const;
  await using chosen = ourTraining({ ...options, engine: "auto" });
  await using dense = ourTraining({ ...options, engine: "dense" });
  const versions = await ready([chosen, dense]);
  for (const side of [chosen, dense]) await side.seconds(1);
  const rounds = await inTurns([chosen, dense], pairs, async (side) => (await side.seconds(steps)) / steps);
  const samples = rounds.map(([ofChosen = NaN, ofDense = NaN]) => ({ chosen: ofChosen, dense: ofDense }));
  return {
    samples: samples.map((sample) => sample.dense / sample.chosen),
    details: {
      chosenSeconds: summarize(samples.map((sample) => sample.chosen)).value,
      denseSeconds: summarize(samples.map((sample) => sample.dense)).value,
    },
    versions,
  };
}

export const autoBenchmarks: readonly Benchmark[] = networks.flatMap(({ arch, steps }) =>
  sparsities.map((sparsity) => ({
    name: `auto-${arch}-uniform${sparsity}-b${batchSize}`,
    unit: "ratio",
    measures: `the time of dense operators over that of the engine which auto takes, for a training step of ${arch}, batch ${batchSize}, ${sparsity} % sparse: 1 or more is no slower`,
    better: "higher",
    target: `at least ${1 - noise}, noise allowed for`,
    meets: ({ value }) => value >= 1 - noise,
    run: () => compare(arch, sparsity, steps),
  })),
);
