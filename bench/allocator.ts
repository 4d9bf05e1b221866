/** What it brings that the C allocator keeps freed memory (native/addon/allocator.cc): steps of a small dense network with and without. */
import type { Benchmark, Measurement } from "./result.ts";
import { summarize } from "./result.ts";
import { inTurns, ourTraining, ready } from "./side.ts";

const pairs = 9;
const warmupSteps = 4;
const stepsPerSample = 4;
/** Set, though empty: the addon leaves the allocator as it is. */
const untouched = { GLIBC_TUNABLES: "" };

async function compare(batchSize: number): Promise<Measurement> {
  const options = { arch: "resnet20s", batchSize };
  await using kept = ourTraining(options);
  await using given = ourTraining(options, untouched);
  const versions = await ready([kept, given]);
  for (const side of [kept, given]) await side.seconds(warmupSteps);
  const rounds = await inTurns([kept, given], pairs, (side) => side.seconds(stepsPerSample));
  return {
    samples: rounds.map(([keeping = NaN, giving = NaN]) => giving / keeping),
    details: {
      keptSecondsPerStep: summarize(rounds.map(([keeping = NaN]) => keeping / stepsPerSample)).value,
      untouchedSecondsPerStep: summarize(rounds.map(([, giving = NaN]) => giving / stepsPerSample)).value,
    },
    versions,
  };
}

export const allocatorBenchmarks: readonly Benchmark[] = [64, 128, 256].map((batchSize) => ({
  name: `kept-memory-resnet20s-b${batchSize}`,
  unit: "ratio",
  measures: `time of a dense training step of ResNet-20s, batch ${batchSize}, with the C allocator untouched, over that with freed memory kept: above 1 is faster`,
  better: "higher",
  target: "at least 1",
  meets: ({ value }) => value >= 1,
  run: () => compare(batchSize),
}));
