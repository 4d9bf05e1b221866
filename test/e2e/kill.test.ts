/** A grid whose processes are killed fifty times at random, two at once: in the end the same tables, byte for byte, as undisturbed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { RandomState } from "../../src/util/random-state.ts";
import { repositoryRoot } from "../support/source-files.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { tinyGrid } from "../unit/experiments/grid/tiny-grid.ts";

const kills = 50;

/** The command line on a recipe of the tiny grid; what it says is added to a file. */
function start(recipe: string, out: string): ChildProcess {
  const args = ["experiment", recipe, "--out", out, "--jobs", join(out, "jobs"), "--lease", "5"];
  const log = openSync(`${out}.log`, "a");
  const program = join(repositoryRoot, "bin/coppice.js");
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", log, log] });
  closeSync(log);
  return child;
}

/** @throws with the last it said unless it ends well */
async function toTheEnd(recipe: string, out: string): Promise<void> {
  const code = await ended(start(recipe, out));
  if (code !== 0) throw new Error(`exit code ${code}: ${readFileSync(`${out}.log`, "utf8").slice(-3000)}`);
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode;
}

it("ends with the same tables after fifty kills as without one", async () => {
  const folder = temporaryFolder();
  const recipe = join(folder, "recipe.mjs");
  // Longer than a process lives on average before it is killed, so that stages are cut off in the middle.
  const grid = tinyGrid();
  const spec = { ...grid, train: { ...grid.train, recipe: { ...grid.train.recipe, epochs: 4 } } };
  writeFileSync(recipe, `export const recipe = () => (${JSON.stringify(spec)});\n`);
  const [calm, stormy] = [join(folder, "calm"), join(folder, "stormy")];
  await toTheEnd(recipe, calm);

  const random = new RandomState(7);
  const living: ChildProcess[] = [];
  let killed = 0;
  let finished = 0;
  while (killed < kills && finished < 2 * kills) {
    while (living.length < 2) living.push(start(recipe, stormy));
    await sleep(500 + 1500 * random.randomSample());
    const child = living.splice(random.randomSample() < 0.5 ? 0 : 1, 1)[0];
    if (child?.exitCode === null) killed++;
    else finished++;
    child?.kill("SIGKILL");
    if (child !== undefined) await ended(child);
  }
  for (const child of living) {
    child.kill("SIGKILL");
    await ended(child);
  }
  await toTheEnd(recipe, stormy);

  for (const format of ["md", "csv", "tex", "json"]) {
    const scores = (out: string): string => readFileSync(join(out, `scores.${format}`), "utf8");
    expect(scores(stormy)).toBe(scores(calm));
  }
  // Every stage once, and nothing left lying about.
  expect(readdirSync(join(stormy, "jobs", "done")).sort()).toEqual(readdirSync(join(calm, "jobs", "done")).sort());
  const left = readdirSync(join(stormy, "jobs")).filter((name) => name.startsWith("attempt-"));
  expect(left.flatMap((name) => readdirSync(join(stormy, "jobs", name)))).toEqual([]);
  expect(readdirSync(join(stormy, "jobs", "leases"))).toEqual([]);
}, 1_200_000);
