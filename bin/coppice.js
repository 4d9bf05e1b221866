#!/usr/bin/env node
// Starts the compiled command line, or says how to compile it.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

// A reader that has seen enough (`| head`) is no error, and no reason to stop what is running.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const root = new URL("../", import.meta.url);
for (const built of ["dist/cli/main.js", "build/native/coppice.node"]) {
  if (!existsSync(new URL(built, root))) {
    console.error(
      `coppice is not set up: ${fileURLToPath(new URL(built, root))} is missing; run \`npm run setup\` in ${fileURLToPath(root)}`,
    );
    process.exit(1);
  }
}
try {
  const { main } = await import(new URL("dist/cli/main.js", root).href);
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // The native library is loaded by the import: what it says when it cannot be is for the user.
  console.error(`error: ${error.message}${error.hint ? `\n  ${error.hint}` : ""}`);
  process.exitCode = 1;
}
