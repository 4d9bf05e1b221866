/** The fast loop: format, lint, types, unit and rules tests. Stops at nothing, so that one run shows everything. */
import { spawnSync } from "node:child_process";

const code = ["src", "test", "bench", "scripts", "bin", "vitest.config.ts"];
const steps: readonly (readonly [string, ...string[]])[] = [
  ["oxfmt", "--check", ...code],
  ["oxlint", ...code],
  ["tsc", "-p", "tsconfig.check.json"],
];

function passes([tool, ...args]: readonly [string, ...string[]]): boolean {
  console.log(`> ${tool} ${args.join(" ")}`);
  return spawnSync(`node_modules/.bin/${tool}`, args, { stdio: "inherit" }).status === 0;
}

const results = steps.map(passes);
if (!process.argv.includes("--static")) results.push(passes(["vitest", "run", "test/unit", "test/rules"]));
process.exitCode = results.every(Boolean) ? 0 : 1;
