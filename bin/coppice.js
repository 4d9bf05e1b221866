#!/usr/bin/env node
// Starts the compiled command line, sets it up (`coppice setup`), or says how to set it up.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

// A reader that has seen enough (`| head`) is no error, and no reason to stop what is running. Nor is a log that cannot be written. Results that
// cannot be are an error, once the work is done.
let lostResults;
process.stderr.on("error", () => {});
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") lostResults ??= error;
});
let ended = false;
process.on("exit", (code) => {
  if (!ended && code === 0) {
    console.error("error: the command: expected its work to end, got a promise that nothing will ever keep");
    process.exitCode = 1;
  }
  if (lostResults === undefined) return;
  console.error(`error: standard output: expected a place to write to, got ${lostResults.message}`);
  process.exitCode ||= 1;
});

const root = new URL("../", import.meta.url);
const pathOf = (name) => fileURLToPath(new URL(name, root));

/** The set-up is a shell script: it must run where nothing is compiled yet. */
function setUp(options) {
  const { status, error } = spawnSync("bash", [pathOf("scripts/setup.sh"), ...options], { stdio: "inherit" });
  if (error) console.error(`error: expected to run ${pathOf("scripts/setup.sh")} with bash, got: ${error.message}`);
  return status ?? 1;
}

async function start(words) {
  const missing = ["dist/cli/main.js", "build/native/coppice.node"].find((name) => !existsSync(pathOf(name)));
  if (missing !== undefined) {
    const how = existsSync(pathOf("package-lock.json")) ? `\`npm run setup\` in ${pathOf(".")}` : "`npx coppice setup`";
    console.error(`error: coppice is not set up: ${pathOf(missing)} is missing; run ${how}`);
    return 1;
  }
  try {
    const { main, reportUncaught } = await import(new URL("dist/cli/main.js", root).href);
    for (const event of ["uncaughtException", "unhandledRejection"])
      process.on(event, (error) => process.exit(reportUncaught(error, words)));
    return await main(words);
  } catch (error) {
    // The native library is loaded by the import: what it says when it cannot be is for the user.
    console.error(`error: ${error.message}${error.hint ? `\n  ${error.hint}` : ""}`);
    return error.code === "E_ARG" ? 2 : 1;
  }
}

// What is still open, as a connection to a server that does not answer, is waited for no longer than what has been printed.
const printed = (stream) => new Promise((resolve) => stream.write("", resolve));

async function run(words) {
  process.exitCode = words[0] === "setup" ? setUp(words.slice(1)) : await start(words);
  ended = true;
  await Promise.all([process.stdout, process.stderr].map(printed));
  process.exit();
}

void run(process.argv.slice(2));
