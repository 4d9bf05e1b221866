/** Every `@example` of the source is compiled and run as it stands there; every export of the library has one. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as coppice from "../../src/index.ts";
import { repositoryRoot, type SourceFile, writtenSources } from "../support/source-files.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

interface Example {
  /** Of the declaration that it is an example of. */
  readonly name: string;
  readonly where: string;
  readonly code: string;
}

/** A comment with an example, and the name that is declared below it. */
const documented =
  /\/\*\*(?:(?!\*\/)[\s\S])*?@example\n((?:(?!\*\/)[\s\S])*?)\*\/\s*(?:\/\/.*\n\s*)*export (?:async )?(?:abstract )?(?:function|class|const) (\w+)/g;

function examplesIn({ path, text }: SourceFile): Example[] {
  return [...text.matchAll(documented)].map(([, comment = "", name = ""]) => ({
    name,
    where: `${path}: ${name}`,
    code: comment.replaceAll(/^ \* ?/gm, "").replace(/\n@\w[\s\S]*$/, "\n"),
  }));
}

const examples = writtenSources().flatMap(examplesIn);
/** Inside of the package, so that "coppice" means this checkout. */
const folder = join(repositoryRoot, "build", "examples");
const fileOf = (index: number): string => join(folder, `example-${index}.mts`);

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  examples.forEach(({ code }, i) => writeFileSync(fileOf(i), `${code}\nexport {};\n`));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("examples", () => {
  it("are there for every function and class of the library", () => {
    const names = new Set(examples.map(({ name }) => name));
    const exported = Object.entries(coppice).filter(([, value]) => typeof value === "function");
    expect(exported.map(([name]) => name).filter((name) => !names.has(name))).toEqual([]);
    expect(exported.length).toBeGreaterThan(15);
  });

  it("compile", () => {
    const settings = [
      "--ignoreConfig",
      "--noEmit",
      "--strict",
      "--module",
      "nodenext",
      "--target",
      "es2022",
      "--skipLibCheck",
    ];
    const lib = ["--lib", "es2023,esnext.disposable", "--types", "node", "--allowImportingTsExtensions"];
    const files = examples.map((_, i) => fileOf(i));
    const { stdout } = spawnSync(join("node_modules", ".bin", "tsc"), [...settings, ...lib, ...files], {
      cwd: repositoryRoot,
      encoding: "utf8",
    });
    expect(stdout).toBe("");
  });

  it("run", () => {
    // One process for all, and a folder for each: to start and load libtorch takes longer than most of them.
    const script = `
      const [files, folders] = JSON.parse(process.argv[2]);
      for (const [i, file] of files.entries()) {
        process.chdir(folders[i]);
        try { await import(file); } catch (error) { console.error("FAILED " + i + " " + error.message); process.exitCode = 1; }
      }`;
    writeFileSync(join(folder, "run.mts"), script);
    const work = JSON.stringify([examples.map((_, i) => fileOf(i)), examples.map(() => temporaryFolder())]);
    const { stderr, status } = spawnSync(join("node_modules", ".bin", "tsx"), [join(folder, "run.mts"), work], {
      cwd: repositoryRoot,
      encoding: "utf8",
    });
    const failed = [...stderr.matchAll(/^FAILED (\d+) (.*)$/gm)].map(([, i, message]) => [
      examples[Number(i)]?.where,
      message,
    ]);
    expect([failed, status]).toEqual([[], 0]);
  });
});
