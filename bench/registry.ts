/** Every benchmark, in the order they run. */
import type { Benchmark } from "./result.ts";
import { denseMemory, denseTrain } from "./dense.ts";
import { opCall } from "./op-call.ts";
import { sparseBenchmarks } from "./sparse.ts";
import { inputShare, liveTensorCount } from "./small-training.ts";

export const benchmarks: readonly Benchmark[] = [
  opCall,
  liveTensorCount,
  inputShare,
  denseTrain,
  denseMemory,
  ...sparseBenchmarks,
];
