/** What `npm run check` and `npm test` are made of: static checks, lines of code, and the tests. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startVitest } from "vitest/node";
import { addCounts, type Counts, SummaryReporter } from "../test/support/reporter.ts";

interface StaticCheck {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Why it cannot run on this machine; it is left out by name then. */
  readonly unavailable?: string | undefined;
}

const bin = (name: string): string => join("node_modules", ".bin", name);

/** The formatter and the linter need a later Node than Coppice itself does. */
function lacksNode(): string | undefined {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > 20 || minor >= 19 ? undefined : `needs Node 20.19, this is ${process.versions.node}`;
}

/** Versions of clang-format disagree about the same style, so only Debian 12's is asked. */
function lacksClangFormat(): string | undefined {
  const { stdout } = spawnSync("clang-format", ["--version"], { encoding: "utf8" });
  return stdout?.includes("version 14.") ? undefined : "needs clang-format 14";
}

function nativeSources(): string[] {
  return ["addon", "ops"]
    .map((folder) => join("native", folder))
    .flatMap((folder) => filesUnder(folder))
    .filter((file) => /\.(cc|h)$/.test(file));
}

function staticChecks(): StaticCheck[] {
  return [
    { name: "format", command: [bin("oxfmt"), "--check"], unavailable: lacksNode() },
    { name: "lint", command: [bin("oxlint"), "--deny-warnings"], unavailable: lacksNode() },
    { name: "types", command: [bin("tsc"), "-p", "tsconfig.check.json"] },
    {
      name: "format of native/",
      command: ["clang-format", "--dry-run", "--Werror", ...nativeSources()],
      unavailable: lacksClangFormat(),
    },
  ];
}

/** Runs every static check, also after one has failed; each counts as one test. */
export function runStaticChecks(): Counts {
  let counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, command, unavailable } of staticChecks()) {
    if (unavailable !== undefined) {
      process.stdout.write(`left out  ${name}: ${unavailable}\n`);
      counts = addCounts(counts, { passed: 0, failed: 0, skipped: 1 });
      continue;
    }
    const [program, ...args] = command;
    const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
    const passed = status === 0;
    process.stdout.write(`${passed ? "ok      " : "FAILED  "}  ${name}\n`);
    if (!passed) process.stdout.write(`${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}\n`);
    counts = addCounts(counts, { passed: Number(passed), failed: Number(!passed), skipped: 0 });
  }
  return counts;
}

/** Runs the tests of `projects` (all when empty), prints the closing line, and sets the exit code. */
export async function runTests(projects: readonly string[], before: Counts): Promise<void> {
  const summary = new SummaryReporter(before);
  const vitest = await startVitest("test", [], {
    watch: false,
    reporters: ["default", summary],
    ...(projects.length > 0 ? { project: [...projects] } : {}),
  });
  await vitest.close();
  // A run in which nothing was tested has shown nothing.
  if (summary.counts.failed > 0 || summary.counts.passed === before.passed) process.exitCode = 1;
}

function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

/** Files and written lines of each folder: growth shows where it happens. Generated lines are counted apart. */
export function printLines(): void {
  const inside = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(folder, entry.name));
  const folders = [...inside("native"), ...inside("src"), "recipes", "scripts", "bench", ...inside("test")];
  let total = 0;
  for (const folder of folders) {
    const sources = filesUnder(folder).filter((file) => /\.(ts|cc|h|sh)$/.test(file));
    const count = (files: readonly string[]): number =>
      files.reduce((sum, file) => sum + readFileSync(file, "utf8").split("\n").length - 1, 0);
    const written = count(sources.filter((file) => !file.endsWith(".generated.ts")));
    const generated = count(sources) - written;
    if (sources.length === 0) continue;
    total += written;
    const note = generated > 0 ? `  and ${generated} generated` : "";
    process.stdout.write(
      `${folder.padEnd(18)}${String(sources.length).padStart(5)} files${String(written).padStart(8)} lines${note}\n`,
    );
  }
  process.stdout.write(`${"all".padEnd(18)}${String(total).padStart(19)} lines\n`);
}
