/** Failures as they come, what was left out by name, and a closing line that continuous integration reads. */
import type { Reporter, TestCase, TestModule, TestRunEndReason } from "vitest/node";

export default class PlainReporter implements Reporter {
  #passed = 0;
  #failed = 0;
  readonly #leftOut: string[] = [];

  onTestCaseResult(test: TestCase): void {
    const { state, errors } = test.result();
    if (state === "passed") this.#passed++;
    else if (state === "skipped") this.#leftOut.push(`${test.module.relativeModuleId}: ${test.fullName}`);
    else if (state === "failed") {
      this.#failed++;
      print(`FAILED ${test.module.relativeModuleId}: ${test.fullName}`);
      for (const error of errors ?? [])
        print(`  ${error.stack ?? error.message}${error.diff ? `\n${error.diff}` : ""}`);
    }
  }

  onTestModuleEnd(module: TestModule): void {
    for (const error of module.errors()) {
      this.#failed++;
      print(`FAILED ${module.relativeModuleId}: ${error.stack ?? error.message}`);
    }
    print(
      `${module.ok() ? "ok    " : "FAILED"} ${module.relativeModuleId} (${Math.round(module.diagnostic().duration)} ms)`,
    );
  }

  onTestRunEnd(
    _modules: readonly TestModule[],
    errors: readonly { message: string }[],
    reason: TestRunEndReason,
  ): void {
    for (const error of errors) {
      this.#failed++;
      print(`FAILED outside of tests: ${error.message}`);
    }
    if (reason !== "passed" && this.#failed === 0) this.#failed++;
    if (this.#leftOut.length > 0) print(`left out:\n${this.#leftOut.map((name) => `  ${name}`).join("\n")}`);
    const skipped = this.#leftOut.length > 0 ? `, ${this.#leftOut.length} skipped` : "";
    print(`${this.#passed} passed, ${this.#failed} failed${skipped}`);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
