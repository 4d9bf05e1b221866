/** test/unit mirrors src: whoever changes a file knows where its tests are. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryRoot, type SourceFile, sourceFiles, writtenSources } from "../support/source-files.ts";

/** Files that another test looks after, because they mean little alone: path or folder/, and that test. */
const testedBy: Record<string, string> = {
  "src/cli/commands/demo.ts": "test/e2e/demo.test.ts",
  "src/cli/commands/resume.ts": "test/e2e/command-line.test.ts",
  "src/cli/run-cleanse.ts": "test/e2e/trojan.test.ts",
  "src/cli/write-backdoor.ts": "test/e2e/figure6.test.ts",
  "src/data/forget-list/": "test/unit/data/forget-list/forget-list.test.ts",
  "src/library/forgotten.ts": "test/unit/cli/commands/forgotten.test.ts",
  "src/library/open-model.ts": "test/unit/library/forget.test.ts",
  "src/library/report.ts": "test/e2e/command-line.test.ts",
  "src/library/resume.ts": "test/e2e/resume.test.ts",
  "src/library/run.ts": "test/unit/library/train.test.ts",
};

/** Tests of a folder as a whole. */
const ofAFolder = /\/(golden)\.test\.ts$/;

/** Declares nothing that runs: types, re-exports. */
function isInert({ text }: SourceFile): boolean {
  return !/^(export )?(abstract |async )*(function|class|const|let)\b/m.test(text);
}

const testOf = (source: string): string => source.replace(/^src\//, "test/unit/").replace(/\.ts$/, ".test.ts");
const sourceOf = (test: string): string => test.replace(/^test\/unit\//, "src/").replace(/\.test\.ts$/, ".ts");
const covers = (key: string, path: string): boolean => (key.endsWith("/") ? path.startsWith(key) : path === key);

/** Files of `sources` that run something and have no test where `tests` should have it. */
function untested(sources: readonly SourceFile[], tests: ReadonlySet<string>): string[] {
  return sources
    .filter((file) => !file.path.endsWith("/index.ts") && !isInert(file) && !tests.has(testOf(file.path)))
    .map(({ path }) => path);
}

describe("test/unit", () => {
  const sources = writtenSources();
  const tests = new Set(sourceFiles("test/unit", /\.test\.ts$/).map(({ path }) => path));

  it("has a test for every file with logic", () => {
    const missing = untested(sources, tests).filter((path) => !Object.keys(testedBy).some((key) => covers(key, path)));
    expect(missing.map((path) => `${path} has no ${testOf(path)}`)).toEqual([]);
  });

  it("has no test of a file that is gone", () => {
    const paths = new Set(sourceFiles("src", /\.ts$/).map(({ path }) => path));
    expect([...tests].filter((path) => !paths.has(sourceOf(path)) && !ofAFolder.test(path))).toEqual([]);
  });

  it("has exceptions only for files that are there, looked after by tests that are there", () => {
    const gone = Object.keys(testedBy).filter((key) => !sources.some(({ path }) => covers(key, path)));
    const missing = Object.values(testedBy).filter((path) => !existsSync(join(repositoryRoot, path)));
    expect([...gone, ...missing]).toEqual([]);
  });

  it("would be seen incomplete", () => {
    const files = [
      { path: "src/a/b.ts", text: "export function b(): void {}\n" },
      { path: "src/a/types.ts", text: "export interface A {\n  readonly b: string;\n}\n" },
      { path: "src/a/index.ts", text: 'export { b } from "./b.ts";\n' },
    ];
    expect(untested(files, new Set())).toEqual(["src/a/b.ts"]);
    expect(untested(files, new Set(["test/unit/a/b.test.ts"]))).toEqual([]);
  });
});
