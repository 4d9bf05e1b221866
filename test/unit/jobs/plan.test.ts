import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { expandGrid } from "../../../src/experiments/grid/expand.ts";
import { JobStore } from "../../../src/jobs/job-store.ts";
import { planOf } from "../../../src/jobs/plan.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { tinyGrid } from "../experiments/grid/tiny-grid.ts";

const jobs = expandGrid(tinyGrid({ seeds: [1, 2] })).map(({ evaluation }) => evaluation);

it("counts stages by kind, and estimates from a dense training step where no time is known", async () => {
  const lines = await planOf(jobs, new JobStore(temporaryFolder(), 60), () => Promise.resolve(0.01));
  expect(lines.map(({ kind, jobs: all, done }) => [kind, all, done])).toEqual([
    ["train", 2, 0],
    ["forget", 8, 0],
    ["evaluate", 12, 0],
    ["prune", 2, 0],
  ]);
  // Two originals of two epochs on 60 images.
  expect(lines[0]?.secondsLeft).toBeCloseTo(2 * 2 * 60 * 0.01);
});

it("leaves out what is done, and estimates from how long that took", async () => {
  const store = new JobStore(temporaryFolder(), 60);
  const train = jobs
    .flatMap(({ after }) => after.flatMap(({ after: before }) => before))
    .find(({ key }) => key.startsWith("train-"));
  const folder = store.folderOf(train?.key ?? "");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "job.json"), JSON.stringify({ title: "train", seconds: 7 }));
  const [line] = await planOf(jobs, store, () => Promise.reject(new Error("nothing to measure")).catch(() => 0));
  expect(line).toEqual({ kind: "train", jobs: 2, done: 1, failed: 0, secondsLeft: 7 });
});

it("takes work of no length, as poisoning is, for no time at all, done or not", async () => {
  const store = new JobStore(temporaryFolder(), 60);
  const work = jobs.slice(0, 2).map((job) => ({ ...job, after: [], work: 0 }));
  const folder = store.folderOf(work[0]?.key ?? "");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "job.json"), JSON.stringify({ title: "poison", seconds: 0 }));
  const [line] = await planOf(work, store, () => Promise.reject(new Error("nothing to measure")));
  expect(line).toMatchObject({ jobs: 2, done: 1, secondsLeft: 0 });
});
