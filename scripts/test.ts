/** Everything `npm test` runs after set-up: the static checks, then all tests. Ends with "N passed, N failed". */
import { spawnSync } from "node:child_process";

const checks = spawnSync("node_modules/.bin/tsx", ["scripts/check.ts", "--static"], { stdio: "inherit" }).status;
const tests = spawnSync("node_modules/.bin/vitest", ["run"], { stdio: "inherit" }).status;
process.exitCode = checks === 0 && tests === 0 ? 0 : 1;
