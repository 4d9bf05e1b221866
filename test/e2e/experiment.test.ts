/** A small grid on real images, from its first stage to tables: done once, taken up again, with failures kept apart. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeExperiment } from "../../src/cli/write-experiment.ts";
import { expandGrid } from "../../src/experiments/grid/expand.ts";
import { Experiment, type GridSpec } from "../../src/experiments/index.ts";
import { quietContext, RunFolder } from "../../src/stages/index.ts";
import { experimentRecordSchema, parseRecord } from "../../src/record/index.ts";
import { coppice, programFolder } from "../support/program.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { tinyGrid } from "../unit/experiments/grid/tiny-grid.ts";
import "../support/one-thread.ts";

const run = (spec: GridSpec, store: string): ReturnType<Experiment["run"]> =>
  new Experiment(spec, { store }).run(quietContext());

it("runs a grid to its tables, shares what another needs too, and repeats nothing", async () => {
  const folder = temporaryFolder();
  const store = join(folder, "jobs");
  const record = await run(tinyGrid(), store);
  expect(record.rows.map(({ model, label }) => `${model} ${label}`)).toEqual([
    "dense Original",
    "dense Retrain",
    "dense FT",
    "omp9 Original",
    "omp9 Retrain",
    "omp9 FT",
  ]);
  for (const { method, repetitions, summary, seconds } of record.rows) {
    expect(repetitions.map(({ seed }) => seed)).toEqual([1]);
    expect(summary?.UA).toEqual({ mean: repetitions[0]?.scores.UA, deviation: null, interval: null, n: 1 });
    expect(seconds).toHaveLength(1);
    const [low, high] = repetitions[0]?.disparityInterval ?? [0, 1];
    expect(repetitions[0]?.disparity === undefined).toBe(method === "retrain");
    expect(low).toBeLessThanOrEqual(high);
  }
  const sparse = record.rows.find(({ model, label }) => model === "omp9" && label === "FT");
  expect(sparse?.repetitions[0]?.originalSparsity).toBeCloseTo(0.9, 2);
  expect(record.tests).toHaveLength(1);
  expect(record.tests[0]?.p).toBeNull();

  const done = readdirSync(join(store, "done")).sort();
  const again = await run({ ...tinyGrid(), name: "again" }, store);
  expect(again.rows).toEqual(record.rows);
  expect(readdirSync(join(store, "done")).sort()).toEqual(done);
  const plan = await new Experiment(tinyGrid(), { store }).plan(quietContext());
  expect(plan.every(({ jobs, done: finished, secondsLeft }) => jobs === finished && secondsLeft === 0)).toBe(true);

  await writeExperiment(record, folder);
  const text = readFileSync(join(folder, "experiment.json"), "utf8");
  expect(parseRecord(experimentRecordSchema, text, "experiment.json")).toEqual(record);
  expect(readFileSync(join(folder, "scores.md"), "utf8")).toContain("| OMP 90 % | FT | 1 |");
});

it("has models of several data sets and architectures in one table", async () => {
  const [dense] = tinyGrid().models;
  const data = { name: "embedded", allowUnverified: false, seed: 3, numTrain: 40, numTest: 20 };
  const other = { id: "other", label: "other", data, arch: "resnet56s" };
  const spec = tinyGrid({ models: [dense!, other], rows: [], tests: [] });
  const store = temporaryFolder();
  const { rows, failures, training } = await run(spec, store);
  expect(failures).toEqual([]);
  expect(rows.map(({ model, repetitions }) => [model, repetitions.length])).toEqual([
    ["dense", 1],
    ["dense", 1],
    ["other", 1],
    ["other", 1],
  ]);
  expect(training["models"]).toEqual({ other: { data, arch: "resnet56s", stem: "cifar" } });
  const retrained = expandGrid(spec).find(({ model, method }) => model.id === "other" && method === "retrain")!;
  const made = RunFolder.open(join(store, "done", retrained.run.key)).readRecord();
  expect([made.model.arch, made.data.numTrain]).toEqual(["resnet56s", 40]);
});

it("keeps a failure apart: the rest is done and shown", async () => {
  const broken = tinyGrid({
    models: tinyGrid().models.slice(0, 1),
    tests: [],
    rows: [...tinyGrid().rows, { method: "gradient-ascent", label: "GA", options: { epochs: 0 } }],
  });
  const record = await run(broken, temporaryFolder());
  expect(record.failures).toEqual([
    {
      title: "seed 1, dense: Random forgetting, GA",
      code: "E_ARG",
      message: "gradient-ascent epochs: expected an integer >= 1 and <= 100000, got 0",
    },
    {
      title: "seed 1, dense: Random forgetting, evaluate GA",
      code: "E_BLOCKED",
      message: "waits for a job that failed",
    },
  ]);
  expect(record.rows.find(({ label }) => label === "FT")?.repetitions).toHaveLength(1);
  expect(record.rows.find(({ label }) => label === "GA")).toMatchObject({ repetitions: [], seconds: [] });
});

it("starts a stage again that was killed before it had a record", async () => {
  const [cell] = expandGrid(tinyGrid());
  const path = join(temporaryFolder(), "attempt");
  const half = `.run.json.${spawnSync(process.execPath, ["-e", ""]).pid}.tmp`;
  mkdirSync(path);
  for (const name of ["split.json", half]) writeFileSync(join(path, name), "{");
  await cell?.base.perform(path, ({ key }) => key, quietContext());
  expect(RunFolder.open(path).readRecord().status).toBe("finished");
  expect(readdirSync(path)).not.toContain(half);
});

it("answers a file that holds no recipe with a sentence that says what it holds", async () => {
  const folder = temporaryFolder();
  const answer = async (text: string, expected = 2): Promise<string> => {
    writeFileSync(join(folder, "mine.mjs"), text);
    const { code, stderr } = await coppice(folder, "experiment", "mine.mjs", "--out", "out");
    expect(code).toBe(expected);
    expect(existsSync(join(folder, "out"))).toBe(false);
    return stderr;
  };
  expect(await answer("export const recipe = {", 1)).toMatch(/mine\.mjs: expected a module that runs, got: \w*Error: /);
  expect(await answer("export const other = 1;")).toContain(
    "mine.mjs: expected an exported function `recipe`, got undefined",
  );
  expect(await answer('export const recipe = async () => { throw new RangeError("no data"); };')).toContain(
    "mine.mjs: expected a recipe that returns a grid, got RangeError: no data",
  );
  expect(await answer("export const recipe = () => undefined;", 1)).toContain(
    "mine.mjs: expected its recipe to return a grid, got the whole: ",
  );
  expect(await answer('export const recipe = () => ({ name: "mine" });', 1)).toMatch(
    /mine\.mjs: expected its recipe to return a grid, got title: .*; and \d+ more/,
  );
  const thrown = 'export const recipe = () => { throw new Error("here"); };';
  writeFileSync(join(folder, "mine.mjs"), thrown);
  const { stderr } = await coppice(folder, "--debug", "experiment", "mine.mjs", "--out", "out");
  expect(stderr).toMatch(/caused by Error: here\n +at recipe \(.*mine\.mjs:1:/);
});

it("takes a recipe's name for the recipe where a folder is called so too", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "table1"));
  const { code, stderr } = await coppice(folder, "experiment", "table1", "--preset", "tiny", "--out", "table1");
  expect([code, stderr]).toEqual([2, expect.stringContaining("preset: expected one of quick, standard, paper")]);
});

it("plans without leaving anything, and refuses a lease of no time", async () => {
  const folder = programFolder();
  const spec = { ...tinyGrid(), models: tinyGrid().models.slice(0, 1), tests: [] };
  writeFileSync(join(folder, "mine.mjs"), `export const recipe = () => (${JSON.stringify(spec)});\n`);
  const planned = await coppice(folder, "experiment", "mine.mjs", "--plan", "--out", "out");
  expect(planned.code).toBe(0);
  expect(planned.stdout).toMatch(/^train +1 jobs, 0 done; left: about /m);
  expect(planned.stdout).toMatch(/^evaluate +3 jobs, 0 done; left: about /m);
  expect(readdirSync(folder).sort()).toEqual(["cache", "mine.mjs"]);
  const refused = await coppice(folder, "experiment", "mine.mjs", "--lease", "0", "--out", "out");
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("at least 1")]);
  const attacked = await coppice(folder, "experiment", "table1", "--attacks", "badnets", "--plan", "--out", "out");
  expect([attacked.code, attacked.stderr]).toEqual([
    2,
    expect.stringContaining("--attacks: expected a recipe on Trojaned models, got table1"),
  ]);
  rmSync(folder, { recursive: true });
});

it("says which folder to remove where a finished stage was damaged", async () => {
  const store = join(temporaryFolder(), "jobs");
  const spec = { ...tinyGrid(), models: tinyGrid().models.slice(0, 1), rows: [], tests: [] };
  await run(spec, store);
  const [cell] = expandGrid(spec);
  const damaged = join(store, "done", cell?.evaluation.key ?? "");
  const asked = { code: "E_CHECKPOINT", hint: `remove ${damaged}: its stage is then done again` };
  writeFileSync(join(damaged, "evaluation.json"), "{");
  await expect(run(spec, store)).rejects.toMatchObject(asked);
  writeFileSync(join(damaged, "job.json"), "{");
  await expect(new Experiment(spec, { store }).plan(quietContext())).rejects.toMatchObject(asked);
  rmSync(damaged, { recursive: true });
  expect((await run(spec, store)).failures).toEqual([]);
});
