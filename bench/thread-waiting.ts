/** What it brings that threads sleep soon (src/torch/thread-waiting.ts): the same work with the libraries' own waiting. */
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Benchmark, Measurement } from "./result.ts";
import { summarize } from "./result.ts";
import { inTurns, ourTraining, ready } from "./side.ts";
import { coppice } from "./trained.ts";

const pairs = 9;
const warmupSteps = 10;
const stepsPerSample = 40;
/** What OpenBLAS does when nobody says anything: 2^26 cycles. Where it is set, OpenMP too is left as it is. */
const untouched = { OPENBLAS_THREAD_TIMEOUT: "26" };

async function compareSteps(batchSize: number): Promise<Measurement> {
  const options = { arch: "resnet20s", batchSize };
  await using soon = ourTraining(options);
  await using late = ourTraining(options, untouched);
  const versions = await ready([soon, late]);
  for (const side of [soon, late]) await side.seconds(warmupSteps);
  const rounds = await inTurns([soon, late], pairs, (side) => side.seconds(stepsPerSample));
  return { ...ratios(rounds), versions };
}

/** @param rounds seconds with threads that sleep soon, and with the libraries' own waiting */
function ratios(rounds: readonly (readonly number[])[]): Measurement {
  return {
    samples: rounds.map(([soon = NaN, late = NaN]) => late / soon),
    details: {
      secondsSleepingSoon: summarize(rounds.map(([soon = NaN]) => soon)).value,
      secondsUntouched: summarize(rounds.map(([, late = NaN]) => late)).value,
    },
  };
}

const folder = (name: string): string => fileURLToPath(new URL(`../build/bench/waiting-${name}`, import.meta.url));
const data = ["--data", "embedded", "--num-train", "600", "--num-test", "400"];

/** Fisher forgetting, which works image by image, and the evaluation, in which the membership attack's support vector machines are trained. */
function compareCommand(name: "forget" | "evaluate"): Measurement {
  const [original, forgotten] = [folder("original"), folder("forgotten")];
  coppice(["train", ...data, "--arch", "resnet20s", "--epochs", "2", "--force", "--out", original]);
  const fisher = ["forget", "--model", original, "--class", "3", "--method", "fisher", "--force", "--out", forgotten];
  const command = name === "forget" ? fisher : ["evaluate", forgotten];
  coppice(fisher);
  const seconds = (variables: Readonly<Record<string, string>>): number => {
    const started = performance.now();
    coppice(command, variables);
    return (performance.now() - started) / 1000;
  };
  const rounds = Array.from({ length: pairs }, (_, pair) => {
    if (pair % 2 === 0) return [seconds({}), seconds(untouched)];
    const late = seconds(untouched);
    return [seconds({}), late];
  });
  for (const path of [original, forgotten]) rmSync(path, { recursive: true });
  return ratios(rounds);
}

const shared = {
  unit: "ratio",
  better: "higher",
  target: "at least 1",
  meets: ({ value }: { readonly value: number }) => value >= 1,
} as const;
const compared = "with the libraries' own waiting, over that with threads that sleep soon: above 1 is faster";

export const waitingBenchmarks: readonly Benchmark[] = [
  ...[8, 16, 64].map((batchSize) => ({
    ...shared,
    name: `thread-waiting-resnet20s-b${batchSize}`,
    measures: `time of a dense training step of ResNet-20s, batch ${batchSize}, ${compared}`,
    run: () => compareSteps(batchSize),
  })),
  ...(["forget", "evaluate"] as const).map((name) => ({
    ...shared,
    name: `thread-waiting-${name}`,
    measures: `time of the whole command ${name === "forget" ? "forget --method fisher" : "evaluate"}, ResNet-20s and 600 images, ${compared}`,
    run: () => Promise.resolve(compareCommand(name)),
  })),
];
