import { describe, expect, it } from "vitest";
import type { TestCase, TestModule } from "vitest/node";
import { type Counts, PlainReporter } from "./reporter.ts";

type State = "passed" | "failed" | "skipped";
type Fault = { message: string };

const module = { relativeModuleId: "a.test.ts" } as TestModule;

/** As much of Vitest's report as the reporter reads. */
function report(tests: [name: string, state: State][], before?: Counts): { reporter: PlainReporter; lines: string[] } {
  const lines: string[] = [];
  const reporter = new PlainReporter(before, (line) => lines.push(line));
  for (const [fullName, state] of tests) {
    const result = { state, errors: state === "failed" ? [{ message: "expected 1, got 2" }] : undefined };
    reporter.onTestCaseResult({ fullName, module, result: () => result } as unknown as TestCase);
  }
  return { reporter, lines };
}

function moduleWith(errors: Fault[], suites: { fullName: string; faults: Fault[] }[] = []): TestModule {
  const allSuites = suites.map(({ fullName, faults }) => ({ fullName, errors: () => faults }));
  return {
    ...module,
    errors: () => errors,
    children: { allSuites: () => allSuites },
    ok: () => errors.length === 0,
    diagnostic: () => ({ duration: 12.3 }),
  } as unknown as TestModule;
}

describe("the closing line", () => {
  it("counts passed and failed", () => {
    const { reporter, lines } = report([
      ["one", "passed"],
      ["two", "passed"],
      ["three", "failed"],
    ]);
    reporter.onTestRunEnd([], [], "failed");
    expect(lines).toEqual(["FAILED a.test.ts: three", "  expected 1, got 2", "2 passed, 1 failed"]);
  });

  it("comes after the names of what was left out", () => {
    const { reporter, lines } = report([
      ["one", "passed"],
      ["two", "skipped"],
    ]);
    reporter.onTestRunEnd([], [], "passed");
    expect(lines).toEqual(["left out:\n  a.test.ts: two", "1 passed, 0 failed, 1 skipped"]);
  });

  it("counts checks that ran before", () => {
    const { reporter, lines } = report([["one", "passed"]], {
      passed: 2,
      failed: 1,
      leftOut: ["format of native/: needs clang-format 14"],
    });
    reporter.onTestRunEnd([], [], "passed");
    expect(lines).toEqual(["left out:\n  format of native/: needs clang-format 14", "3 passed, 1 failed, 1 skipped"]);
    expect(reporter.failed).toBe(1);
  });

  it("is a failure when no test ran", () => {
    const { reporter, lines } = report([["one", "skipped"]], { passed: 3, failed: 0, leftOut: [] });
    reporter.onTestRunEnd([], [], "passed");
    expect(lines.at(-1)).toBe("3 passed, 1 failed, 1 skipped");
  });
});

describe("what fails outside of a test is a failure", () => {
  it.each<[string, (reporter: PlainReporter) => void]>([
    ["a file that cannot be imported", (reporter) => reporter.onTestModuleEnd(moduleWith([{ message: "no file" }]))],
    [
      "a hook of a suite",
      (reporter) => reporter.onTestModuleEnd(moduleWith([], [{ fullName: "suite", faults: [{ message: "hook" }] }])),
    ],
    ["an unhandled rejection", (reporter) => reporter.onTestRunEnd([], [{ message: "rejected" }], "failed")],
    ["an interrupted run", (reporter) => reporter.onTestRunEnd([], [], "interrupted")],
  ])("%s", (_name, happen) => {
    const { reporter } = report([["one", "passed"]]);
    happen(reporter);
    expect(reporter.failed).toBe(1);
  });
});
