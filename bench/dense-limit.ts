/** What was weighed and not built: how much a compiled plan for dense networks could bring at best. */
import { fileURLToPath } from "node:url";
import { physicalCores } from "../src/torch/index.ts";
import { requirePython } from "./python.ts";
import type { Benchmark, Measurement } from "./result.ts";
import { summarize } from "./result.ts";
import { ready, Side } from "./side.ts";

const repetitions = 9;
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const median = (values: readonly number[]): number => summarize(values).value;

interface DenseTimes {
  readonly step: number;
  readonly convolutions: number;
  readonly forward: number;
  readonly blocked: number;
}

/** A step of the better memory format over its convolutions alone. */
async function denseLimit(): Promise<Measurement> {
  const script = path("peers/convolutions_resnet18.py");
  await using side = new Side(requirePython(), [script, String(physicalCores()), "64"]);
  const versions = await ready([side]);
  const times: DenseTimes[] = [];
  for (let i = 0; i <= repetitions; i++) {
    const answer = await side.ask<{ contiguous: DenseTimes; channelsLast: DenseTimes }>("again");
    const better = (key: keyof DenseTimes): number => Math.min(answer.contiguous[key], answer.channelsLast[key]);
    // The first repetition makes what later ones reuse.
    if (i > 0)
      times.push({
        step: better("step"),
        convolutions: better("convolutions"),
        forward: better("forward"),
        blocked: better("blocked"),
      });
  }
  const of = (key: keyof DenseTimes): number => median(times.map((time) => time[key]));
  return {
    samples: times.map(({ step, convolutions }) => step / convolutions),
    details: {
      stepSeconds: of("step"),
      convolutionSeconds: of("convolutions"),
      forwardSeconds: of("forward"),
      forwardBlockedSeconds: of("blocked"),
    },
    versions,
  };
}

export const denseLimitBenchmark: Benchmark = {
  name: "limit-dense-plan",
  unit: "ratio",
  measures:
    "time of PyTorch's dense training step of ResNet-18, batch 64, over that of its convolutions alone: what a dense plan could gain if all else cost nothing",
  better: "higher",
  target: "at least 1.2, for a dense plan to be worth having",
  meets: ({ value }) => value >= 1.2,
  run: denseLimit,
};
