/** Every benchmark, in the order they run. */
import { allocatorBenchmarks } from "./allocator.ts";
import { autoBenchmarks } from "./auto.ts";
import type { Benchmark } from "./result.ts";
import { denseMemory, denseTrain } from "./dense.ts";
import { jobBenchmarks } from "./job.ts";
import { denseLimitBenchmark } from "./dense-limit.ts";
import { noTrainingBenchmarks } from "./no-training.ts";
import { opCall } from "./op-call.ts";
import { precisionBenchmarks } from "./precision.ts";
import { sparseBenchmarks } from "./sparse.ts";
import { sparseMemory } from "./sparse-memory.ts";
import { waitingBenchmarks } from "./thread-waiting.ts";
import { inputShare, liveTensorCount } from "./small-training.ts";

export const benchmarks: readonly Benchmark[] = [
  opCall,
  liveTensorCount,
  inputShare,
  denseTrain,
  denseMemory,
  ...allocatorBenchmarks,
  ...waitingBenchmarks,
  ...sparseBenchmarks,
  ...sparseMemory,
  ...autoBenchmarks,
  ...jobBenchmarks,
  ...precisionBenchmarks,
  denseLimitBenchmark,
  ...noTrainingBenchmarks,
];
