/** A dense training step of ResNet-18 against PyTorch in Python: time and memory. */
import type { Benchmark, Measurement } from "./result.ts";
import { summarize } from "./result.ts";
import { inTurns, type OurOptions, ourTraining, pytorchTraining, ready, type Ready, type Side } from "./side.ts";

const pairs = 9;
const stepsPerSample = 3;
const warmupSteps = 3;
const memorySteps = 50;
// The C allocator lays out each process differently, and peaks of the same side differ by a tenth: a median of several is compared.
const memoryPairs = 5;

async function trainInTurns(): Promise<Measurement> {
  await using ours = ourTraining();
  await using theirs = pytorchTraining();
  const versions = await ready([ours, theirs]);
  for (const side of [ours, theirs]) await side.seconds(warmupSteps);
  const rounds = await inTurns([ours, theirs], pairs, (side) => side.seconds(stepsPerSample));
  const seconds = rounds.map(([own = NaN, other = NaN]) => ({ ours: own, theirs: other }));
  return {
    samples: seconds.map((pair) => pair.theirs / pair.ours),
    details: {
      ourSecondsPerStep: summarize(seconds.map((pair) => pair.ours / stepsPerSample)).value,
      pytorchSecondsPerStep: summarize(seconds.map((pair) => pair.theirs / stepsPerSample)).value,
    },
    versions,
  };
}

/** Peaks of both sides after as many steps in processes of their own. */
export async function compareMemory(steps: number, ourOptions: OurOptions = {}): Promise<Measurement> {
  const peaks: { ours: number; theirs: number }[] = [];
  let versions: Readonly<Record<string, string>> = {};
  for (let pair = 0; pair < memoryPairs; pair++) {
    const ours = await peakOf(() => ourTraining(ourOptions), steps);
    const theirs = await peakOf(pytorchTraining, steps);
    peaks.push({ ours: ours.peakMiB, theirs: theirs.peakMiB });
    versions = { ...ours.versions, ...theirs.versions };
  }
  return {
    samples: peaks.map((pair) => pair.ours / pair.theirs),
    details: {
      ourPeakMiB: summarize(peaks.map((pair) => pair.ours)).value,
      pytorchPeakMiB: summarize(peaks.map((pair) => pair.theirs)).value,
    },
    versions,
  };
}

async function peakOf(
  start: () => Side,
  steps: number,
): Promise<{ peakMiB: number; versions: Readonly<Record<string, string>> }> {
  await using side = start();
  const { versions } = await side.answer<Ready>();
  await side.seconds(steps);
  return { ...(await side.ask<{ peakMiB: number }>("peak")), versions };
}

export const denseTrain: Benchmark = {
  name: "dense-train-resnet18-b64",
  unit: "ratio",
  measures: "PyTorch's time over ours for a training step of ResNet-18, batch 64: above 1 is faster than PyTorch",
  better: "higher",
  target: "at least 0.95",
  meets: ({ value }) => value >= 0.95,
  run: trainInTurns,
};

export const denseMemory: Benchmark = {
  name: "dense-memory",
  unit: "ratio",
  measures: `our peak memory over PyTorch's for ${memorySteps} such steps in a new process: below 1 is less than PyTorch`,
  better: "lower",
  target: "at most 1.1",
  meets: ({ value }) => value <= 1.1,
  run: () => compareMemory(memorySteps),
};
