/** What `npm run check` and `npm test` are made of: static checks, lines of code, and the tests. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startVitest } from "vitest/node";
import { type Counts, PlainReporter } from "../test/support/reporter.ts";

interface StaticCheck {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Why it cannot run on this machine; it is left out by name then. */
  readonly unavailable?: string | undefined;
}

const bin = (name: string): string => join("node_modules", ".bin", name);

/** Versions of clang-format disagree about the same style, so only Debian 12's is asked. */
function lacksClangFormat(): string | undefined {
  const { stdout } = spawnSync("clang-format", ["--version"], { encoding: "utf8" });
  return stdout?.includes("version 14.") ? undefined : "needs clang-format 14";
}

function staticChecks(): StaticCheck[] {
  const nativeSources = filesUnder("native").filter((file) => /\.(cc|h)$/.test(file));
  return [
    { name: "format", command: [bin("oxfmt"), "--check"] },
    {
      name: "format of native/",
      command: ["clang-format", "--dry-run", "--Werror", ...nativeSources],
      unavailable: lacksClangFormat(),
    },
    { name: "lint", command: [bin("oxlint"), "--deny-warnings"] },
    { name: "types", command: [bin("tsc"), "-p", "tsconfig.check.json"] },
  ];
}

/** Runs every static check, also after one has failed, so that one run shows everything. Each counts as one test. */
export function runStaticChecks(): Counts {
  let passed = 0;
  let failed = 0;
  const leftOut: string[] = [];
  for (const { name, command, unavailable } of staticChecks()) {
    if (unavailable !== undefined) {
      leftOut.push(`${name}: ${unavailable}`);
      continue;
    }
    const [program, ...args] = command;
    const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
    if (status === 0) passed++;
    else failed++;
    console.log(`${status === 0 ? "ok    " : "FAILED"} ${name}`);
    if (status !== 0) console.log(`${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}`);
  }
  return { passed, failed, leftOut };
}

/** Runs the tests of `kinds` (all when empty), prints the closing line, and sets the exit code. */
export async function runTests(kinds: readonly string[], before: Counts): Promise<void> {
  const reporter = new PlainReporter(before);
  const vitest = await startVitest("test", [], {
    watch: false,
    reporters: [reporter],
    ...(kinds.length > 0 ? { project: [...kinds] } : {}),
  });
  await vitest.close();
  if (reporter.failed > 0) process.exitCode = 1;
}

function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

interface Lines {
  readonly files: number;
  readonly written: number;
  readonly generated: number;
}

/** Of sources below `folder`. Generated lines count apart, fixtures not at all. */
function linesOf(folder: string): Lines {
  const sources = filesUnder(folder).filter((file) => /\.(ts|cc|h|sh)$/.test(file));
  const lines = (files: readonly string[]): number =>
    files.reduce((sum, file) => sum + readFileSync(file, "utf8").split("\n").length - 1, 0);
  const written = lines(sources.filter((file) => !file.endsWith(".generated.ts")));
  return { files: sources.length, written, generated: lines(sources) - written };
}

/** Files and written lines of each folder, so that growth is seen where it happens, and how many lines of tests each line of src/ has. */
export function printLines(): void {
  const inside = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(folder, entry.name));
  let total = 0;
  for (const folder of [...inside("native"), ...inside("src"), "scripts", "bench", ...inside("test")]) {
    const { files, written, generated } = linesOf(folder);
    if (files === 0) continue;
    total += written;
    const numbers = `${String(files).padStart(5)} files${String(written).padStart(8)} lines`;
    console.log(`${folder.padEnd(18)}${numbers}${generated > 0 ? ` and ${generated} generated` : ""}`);
  }
  console.log(`${"all".padEnd(29)}${String(total).padStart(8)} lines`);
  const [tests, source] = [linesOf("test").written, linesOf("src").written];
  console.log(`${"test / src".padEnd(29)}${(tests / source).toFixed(3).padStart(8)} (${tests} / ${source} lines)`);
}
