import { defineConfig } from "vitest/config";
import { PlainReporter } from "./test/support/reporter.ts";

/** Kinds of tests, by folder: `npx vitest run --project unit` runs one of them. */
const kinds = { unit: ["unit", "support"], rules: ["rules"], native: ["native"], e2e: ["e2e"] };

export default defineConfig({
  test: {
    pool: "forks", // a process a file: the native library keeps state a process, and a crash stays alone
    maxWorkers: 2,
    env: { COPPICE_THREADS: "1" }, // two workers with all cores each would wait for each other
    expect: { requireAssertions: true }, // a test whose loop finds nothing to look at fails
    testTimeout: 300_000, // a hang is a failure; how fast something is, the benchmarks say
    hookTimeout: 120_000,
    reporters: [new PlainReporter()],
    projects: Object.entries(kinds).map(([name, folders]) => ({
      extends: true as const,
      test: { name, include: folders.map((folder) => `test/${folder}/**/*.test.ts`) },
    })),
  },
});
