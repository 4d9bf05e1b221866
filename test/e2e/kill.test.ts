/**
 * Grids whose processes are killed at random, two at once, until a number of stages were cut off in the middle: in the end the same tables,
 * byte for byte, as without a kill. `npm run soak` cuts off more of them than `npm test`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { systemCode } from "../../src/util/errors.ts";
import { RandomState } from "../../src/util/random-state.ts";
import { repositoryRoot } from "../support/source-files.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { tinyGrid } from "../unit/experiments/grid/tiny-grid.ts";

/** Stages that were under way when their process was killed. */
const cuts = Number(process.env["COPPICE_TEST_KILLS"] ?? 10);

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

/** The processes that have a stage; one that was killed in the middle of it still does. */
function holders(out: string): number[] {
  const leases = join(out, "jobs", "leases");
  if (!existsSync(leases)) return [];
  return readdirSync(leases).flatMap((name) => holderOf(join(leases, name)) ?? []);
}

/** The process that a lease names; null where it was released between two looks, or is half written. */
function holderOf(lease: string): number | null {
  try {
    return (JSON.parse(readFileSync(lease, "utf8")) as { holder: { pid: number } }).holder.pid;
  } catch (error) {
    if (error instanceof SyntaxError || systemCode(error) === "ENOENT") return null;
    throw error;
  }
}

/**
 * Keeps two processes at the grid and kills one after another, until `most` stages were cut off or the grid is done.
 * @returns how many stages were
 */
async function storm(recipe: string, out: string, most: number, random: RandomState): Promise<number> {
  const living = [start(recipe, out), start(recipe, out)];
  const works = ({ pid }: ChildProcess): boolean => pid !== undefined && holders(out).includes(pid);
  const isDone = (): boolean => living.some(({ exitCode }) => exitCode !== null);
  let cut = 0;
  while (cut < most) {
    while (!isDone() && !living.some(works)) await sleep(20);
    await sleep(1000 * random.randomSample());
    if (isDone()) break;
    // Mostly one that has a stage, now and then one that starts or waits.
    const any = random.randomSample() < 0.25;
    const at = any ? Number(random.randomSample() < 0.5) : Math.max(0, living.findIndex(works));
    const [child] = living.splice(at, 1);
    if (child === undefined) continue;
    child.kill("SIGKILL");
    await ended(child);
    if (works(child)) cut++;
    living.push(start(recipe, out));
  }
  for (const child of living) {
    child.kill("SIGKILL");
    // Whoever was not killed has ended well.
    if (((await ended(child)) ?? 0) !== 0) throw new Error(readFileSync(`${out}.log`, "utf8").slice(-3000));
  }
  return cut;
}

it(`ends with the same tables after ${cuts} stages were cut off as without a kill`, async () => {
  const folder = temporaryFolder();
  const recipe = join(folder, "recipe.mjs");
  // Longer than a process lives on average before it is killed, so that stages are cut off in the middle.
  const grid = tinyGrid();
  const spec = { ...grid, train: { ...grid.train, recipe: { ...grid.train.recipe, epochs: 4 } } };
  writeFileSync(recipe, `export const recipe = () => (${JSON.stringify(spec)});\n`);
  const undisturbed = join(folder, "undisturbed");
  await toTheEnd(recipe, undisturbed);

  const random = new RandomState(7);
  const stormy: string[] = [];
  let cut = 0;
  while (cut < cuts) {
    const out = join(folder, `stormy-${stormy.length + 1}`);
    cut += await storm(recipe, out, cuts - cut, random);
    await toTheEnd(recipe, out);
    stormy.push(out);
  }
  expect(cut).toBe(cuts);

  for (const out of stormy) {
    for (const format of ["md", "csv", "tex", "json"]) {
      const scores = (of: string): string => readFileSync(join(of, `scores.${format}`), "utf8");
      expect(scores(out)).toBe(scores(undisturbed));
    }
    // Every stage once, and nothing left lying about.
    expect(readdirSync(join(out, "jobs", "done")).sort()).toEqual(
      readdirSync(join(undisturbed, "jobs", "done")).sort(),
    );
    const left = readdirSync(join(out, "jobs")).filter((name) => name.startsWith("attempt-"));
    expect(left.flatMap((name) => readdirSync(join(out, "jobs", name)))).toEqual([]);
    expect(readdirSync(join(out, "jobs", "leases"))).toEqual([]);
  }
}, 1_200_000);
