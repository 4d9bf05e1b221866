import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { environmentSchema } from "../../../src/record/environment.ts";
import { environmentRecord, tellOfThreads, threadsNote } from "../../../src/stages/environment.ts";
import { coppiceVersion } from "../../../src/stages/index.ts";
import { addonPath, setNumThreads } from "../../../src/torch/index.ts";
import { sha256Hex } from "../../../src/util/hash.ts";
import { repositoryRoot } from "../../support/source-files.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  setNumThreads(1);
});

it("names the version that package.json has", () => {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as { version: string };
  expect(coppiceVersion()).toBe(version);
});

describe("the record of what a stage runs on", () => {
  it("has the documented form, and says which library, machine and commit it was", () => {
    const record = environmentRecord("cpu");
    expect(environmentSchema.safeParse(record).error).toBeUndefined();
    expect(record).toMatchObject({
      coppice: coppiceVersion(),
      node: process.version,
      addonSha256: sha256Hex(readFileSync(addonPath)),
      cores: cpus().length,
      device: "cpu",
    });
    const git = (...args: string[]): string =>
      execFileSync("git", ["-C", repositoryRoot, ...args], { encoding: "utf8" }).trim();
    expect(record.gitCommit).toBe(git("rev-parse", "HEAD"));
    expect(record.gitDirty).toBe(git("status", "--porcelain", "--untracked-files=no") !== "");
  });

  it("says how many threads compute now, on which results depend", () => {
    setNumThreads(2);
    expect(environmentRecord("cpu").threads).toBe(2);
    setNumThreads(1);
    expect(environmentRecord("cpu").threads).toBe(1);
  });

  it("names a kind of device, not which one of them", () => {
    expect([environmentRecord("cuda").device, environmentRecord("cuda:1").device]).toEqual(["cuda", "cuda"]);
  });

  it("names no commit where there is no git", () => {
    vi.stubEnv("PATH", temporaryFolder());
    const record = environmentRecord("cpu");
    expect(record).not.toHaveProperty("gitCommit");
    expect(record).not.toHaveProperty("gitDirty");
    expect(environmentSchema.safeParse(record).success).toBe(true);
  });
});

describe("more threads than cores", () => {
  it("are said to be slower, no others", () => {
    expect(threadsNote(128, 2)).toMatch(/^128 threads on 2 cores: .* slower than 2/);
    expect(threadsNote(2, 1)).toMatch(/^2 threads on 1 core:/);
    expect(threadsNote(2, 2)).toBeUndefined();
  });

  it("are said once in a process", () => {
    const said: string[] = [];
    tellOfThreads((line) => void said.push(line));
    setNumThreads(availableParallelism() + 1);
    for (let i = 0; i < 2; i++) tellOfThreads((line) => void said.push(line));
    expect(said).toEqual([threadsNote(availableParallelism() + 1, availableParallelism())]);
  });
});
