import { defineConfig } from "vitest/config";

// One process a file, because the native library keeps state a process; two at a time, with one libtorch thread each
// (test/support/one-thread.ts): more would fight over two cores.
export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { COPPICE_THREADS: "1" },
    include: ["test/**/*.test.ts"],
    reporters: ["./test/support/reporter.ts"],
  },
});
