/** Work made of many short operators, which libtorch's threads slow down. */
import { getNumThreads, setNumThreads } from "../../torch/index.ts";

/**
 * Runs `body` with one libtorch thread and restores the count. Between the solver's operators, some microseconds each, waiting
 * for a second thread costs more than it saves, above all where the BLAS has its threads (it still uses them here)
 * or other programs want the cores: 50 times as long was measured.
 */
export function onOneThread<T>(body: () => T): T {
  const threads = getNumThreads();
  setNumThreads(1);
  try {
    return body();
  } finally {
    setNumThreads(threads);
  }
}
