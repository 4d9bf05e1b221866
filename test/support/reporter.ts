/** Failures as they come, what was left out by name, and a closing line that continuous integration reads. */
import { stripVTControlCharacters } from "node:util";
import type { Reporter, TestCase, TestModule, TestRunEndReason } from "vitest/node";

/** Outcomes of tests, or of other checks that count as tests. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Names of what did not run. */
  readonly leftOut: readonly string[];
}

export class PlainReporter implements Reporter {
  readonly #before: Counts;
  readonly #print: (line: string) => void;
  #passed = 0;
  #failed = 0;
  readonly #leftOut: string[] = [];

  /** `before`: checks that ran before the tests and belong to the same closing line. */
  constructor(before: Counts = { passed: 0, failed: 0, leftOut: [] }, print = printLine) {
    this.#before = before;
    this.#print = print;
  }

  onTestCaseResult(test: TestCase): void {
    const { state, errors } = test.result();
    if (state === "passed") this.#passed++;
    else if (state === "skipped") this.#leftOut.push(`${test.module.relativeModuleId}: ${test.fullName}`);
    else if (state === "failed") this.#fail(`${test.module.relativeModuleId}: ${test.fullName}`, errors);
  }

  onTestModuleEnd(module: TestModule): void {
    // What fails outside of a test, in the file itself or in a hook, would otherwise leave the closing line at 0 failed.
    if (module.errors().length > 0) this.#fail(module.relativeModuleId, module.errors());
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) this.#fail(`${module.relativeModuleId}: ${suite.fullName}`, suite.errors());
    }
    const { duration } = module.diagnostic();
    this.#print(`${module.ok() ? "ok    " : "FAILED"} ${module.relativeModuleId} (${Math.round(duration)} ms)`);
  }

  onTestRunEnd(
    _modules: readonly TestModule[],
    errors: readonly { message: string; stack?: string }[],
    reason: TestRunEndReason,
  ): void {
    for (const error of errors) this.#fail("outside of tests", [error]);
    if (this.#passed + this.#failed === 0) this.#fail("no test ran", []);
    else if (reason !== "passed" && this.#failed === 0) this.#fail(`the run was ${reason}`, []);
    this.#close();
  }

  /** Anything that failed, here or before. */
  get failed(): number {
    return this.#before.failed + this.#failed;
  }

  #fail(what: string, errors: readonly { message: string; stack?: string; diff?: string }[] = []): void {
    this.#failed++;
    this.#print(`FAILED ${what}`);
    for (const { message, stack, diff } of errors)
      this.#print(`  ${ownFrames(stack ?? message)}${diff ? `\n${plain(diff)}` : ""}`);
  }

  #close(): void {
    const leftOut = [...this.#before.leftOut, ...this.#leftOut];
    if (leftOut.length > 0) this.#print(`left out:\n${leftOut.map((name) => `  ${name}`).join("\n")}`);
    const skipped = leftOut.length > 0 ? `, ${leftOut.length} skipped` : "";
    this.#print(`${this.#before.passed + this.#passed} passed, ${this.failed} failed${skipped}`);
  }
}

/** The stack without the frames of the test runner. */
function ownFrames(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => !/^\s+at (new Promise |.*(node_modules|node:internal))/.test(line))
    .join("\n");
}

/** Colours on a terminal only. */
function plain(text: string): string {
  return process.stdout.isTTY ? text : stripVTControlCharacters(text);
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
