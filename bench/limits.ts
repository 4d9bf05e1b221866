/** What was weighed and not built: how much bfloat16 activations, and a compiled plan for dense networks, could bring at best. */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
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

type Bf16Times = Readonly<
  Record<string, Readonly<Record<"float32" | "unpacked" | "dotProduct", Readonly<Record<"kernel" | "pass", number>>>>>
>;

/** The forward kernel on the four shapes of a ResNet-18 with 5 % of the weights: float32 over the faster of two ways in bfloat16. */
async function bf16Limit(): Promise<Measurement> {
  const program = path("../build/bench/bf16");
  mkdirSync(path("../build/bench"), { recursive: true });
  execFileSync("g++", ["-O3", "-std=c++17", "-march=native", "-o", program, path("native/bf16.cc")]);
  const runs = Array.from({ length: repetitions }, () => {
    const times = Object.values(JSON.parse(execFileSync(program, ["0.05"]).toString()) as Bf16Times);
    const total = (variant: keyof (typeof times)[number], part: "kernel" | "pass"): number =>
      times.reduce((sum, shape) => sum + shape[variant][part], 0);
    return {
      float32: total("float32", "kernel"),
      unpacked: total("unpacked", "kernel"),
      dotProduct: total("dotProduct", "kernel"),
      pass: total("float32", "pass"),
      bf16Pass: Math.min(total("unpacked", "pass"), total("dotProduct", "pass")),
    };
  });
  return await Promise.resolve({
    samples: runs.map(({ float32, unpacked, dotProduct }) => float32 / Math.min(unpacked, dotProduct)),
    details: {
      float32KernelSeconds: median(runs.map(({ float32 }) => float32)),
      unpackedKernelSeconds: median(runs.map(({ unpacked }) => unpacked)),
      dotProductKernelSeconds: median(runs.map(({ dotProduct }) => dotProduct)),
      float32PassSeconds: median(runs.map(({ pass }) => pass)),
      bf16PassSeconds: median(runs.map(({ bf16Pass }) => bf16Pass)),
    },
  });
}

export const limitBenchmarks: readonly Benchmark[] = [
  {
    name: "limit-dense-plan",
    unit: "ratio",
    measures:
      "time of PyTorch's dense training step of ResNet-18, batch 64, over that of its convolutions alone: what a dense plan could gain if all else cost nothing",
    better: "higher",
    target: "at least 1.2, for a dense plan to be worth having",
    meets: ({ value }) => value >= 1.2,
    run: denseLimit,
  },
  {
    name: "limit-bf16",
    unit: "ratio",
    measures:
      "time of the sparse forward kernel in float32 over the faster of two in bfloat16, four shapes of ResNet-18, 95 % sparse, one thread",
    better: "higher",
    target: "at least 1.3, for bfloat16 to be worth having",
    meets: ({ value }) => value >= 1.3,
    run: bf16Limit,
  },
];
