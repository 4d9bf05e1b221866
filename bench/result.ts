/** What a benchmark measures, and what it reports. */
import { loadavg } from "node:os";
import { environmentRecord } from "../src/stages/environment.ts";

export interface Measurement {
  /** One value a repetition, in the order measured. */
  readonly samples: readonly number[];
  /** What else was measured on the way. */
  readonly details?: Readonly<Record<string, number>>;
  /** Versions of the other side. */
  readonly versions?: Readonly<Record<string, string>>;
}

export interface Benchmark {
  readonly name: string;
  readonly unit: string;
  /** What the value is, as a sentence. */
  readonly measures: string;
  readonly better: "higher" | "lower" | "equal";
  /** What it should reach. */
  readonly target: string;
  readonly meets: (result: Summary) => boolean;
  readonly run: () => Promise<Measurement>;
}

export interface Summary {
  /** Median. */
  readonly value: number;
  readonly n: number;
  readonly min: number;
  readonly max: number;
}

export interface Result extends Summary {
  readonly name: string;
  readonly unit: string;
  readonly measures: string;
  readonly better: Benchmark["better"];
  readonly target: string;
  readonly met: boolean;
  readonly samples: readonly number[];
  readonly details: Readonly<Record<string, number>>;
  readonly cpu: string;
  readonly threads: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly commit: string;
  /** System load over one minute, before and after. */
  readonly load: readonly [number, number];
  readonly date: string;
}

export function summarize(samples: readonly number[]): Summary {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = NaN, high = NaN] = [sorted[middle - (1 - (sorted.length % 2))], sorted[middle]];
  return { value: (low + high) / 2, n: sorted.length, min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN };
}

export async function measure(benchmark: Benchmark): Promise<Result> {
  const { name, unit, measures, better, target } = benchmark;
  const [before = 0] = loadavg();
  const { samples, details = {}, versions = {} } = await benchmark.run();
  const {
    cpu,
    threads,
    node,
    libtorch,
    gitCommit = "unknown",
    gitDirty = false,
    loadAverage,
  } = environmentRecord("cpu");
  const summary = summarize(samples);
  return {
    name,
    ...summary,
    unit,
    measures,
    better,
    target,
    met: benchmark.meets(summary),
    samples,
    details,
    cpu,
    threads,
    versions: { node, libtorch, ...versions },
    commit: gitDirty ? `${gitCommit} and changes` : gitCommit,
    load: [before, loadAverage[0]],
    date: new Date().toISOString(),
  };
}
