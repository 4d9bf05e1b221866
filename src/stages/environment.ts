/** What a stage runs on, for its record. */
import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, loadavg, release, type } from "node:os";
import { fileURLToPath } from "node:url";
import type { EnvironmentRecord } from "../record/index.ts";
import { addonPath, getNumThreads, libtorchVersion } from "../torch/index.ts";
import { cpuName } from "../util/cpu.ts";
import { hashFileSync } from "../util/hash.ts";
import { readJson } from "../util/files.ts";

const packageFolder = fileURLToPath(new URL("../..", import.meta.url));

/** The version in package.json. */
export function coppiceVersion(): string {
  return (readJson(`${packageFolder}/package.json`) as { version: string }).version;
}

let addonSha256: string | undefined;

export function environmentRecord(device: string): EnvironmentRecord {
  addonSha256 ??= hashFileSync(addonPath);
  const [one = 0, five = 0, fifteen = 0] = loadavg();
  return {
    coppice: coppiceVersion(),
    ...gitState(),
    node: process.version,
    libtorch: libtorchVersion(),
    addonSha256,
    cpu: cpuName(),
    cores: cpus().length,
    threads: getNumThreads(),
    loadAverage: [one, five, fifteen],
    platform: `${type()} ${release()} ${process.arch}`,
    device: device.startsWith("cuda") ? "cuda" : "cpu",
  };
}

/** What speaks against as many threads; undefined where nothing does. @param cores logical ones that this process may use */
export function threadsNote(threads: number, cores: number): string | undefined {
  if (threads <= cores) return undefined;
  return `${threads} threads on ${cores} core${cores === 1 ? "" : "s"}: they wait for each other, which is slower than ${cores}; COPPICE_THREADS sets how many`;
}

let toldOfThreads = false;

/** Says once in a process where there are more threads than cores. */
export function tellOfThreads(log: (message: string) => void): void {
  const note = toldOfThreads ? undefined : threadsNote(getNumThreads(), availableParallelism());
  if (note === undefined) return;
  toldOfThreads = true;
  log(note);
}

/** Commit and cleanliness when Coppice runs from its checkout; nothing when it was installed otherwise. */
function gitState(): Pick<EnvironmentRecord, "gitCommit" | "gitDirty"> {
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", packageFolder, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    if (`${git("rev-parse", "--show-toplevel")}/` !== packageFolder) return {};
    return {
      gitCommit: git("rev-parse", "HEAD"),
      gitDirty: git("status", "--porcelain", "--untracked-files=no") !== "",
    };
  } catch {
    return {}; // no git, or no checkout: then there is no commit to name
  }
}
