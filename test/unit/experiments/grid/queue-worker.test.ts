import { expect, it } from "vitest";
import { codeVersion } from "../../../../src/jobs/code-version.ts";
import { Experiment } from "../../../../src/experiments/grid/experiment.ts";
import type { QueueEntry } from "../../../../src/jobs/job-queue.ts";
import { JobStore } from "../../../../src/jobs/job-store.ts";
import { jobOf, runWorker } from "../../../../src/experiments/grid/queue-worker.ts";
import { quietContext } from "../../../../src/stages/index.ts";
import { recipeNamed } from "../../../../src/recipes/index.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const spec = recipeNamed("table1")({ preset: "quick" });

function entry(store: JobStore, changes: Partial<QueueEntry> = {}): QueueEntry {
  const [job] = new Experiment(spec, { store: store.path }).jobs;
  return { key: job?.key ?? "", code: codeVersion(), store: store.id, plugins: [], spec, ...changes };
}

it("finds the job an entry means, from what a queue leaves of a grid, wherever the data are", () => {
  const store = new JobStore(temporaryFolder(), 60);
  const sent = entry(store);
  const arrived = JSON.parse(JSON.stringify(sent)) as QueueEntry;
  const { train } = spec;
  const elsewhere = { ...arrived.spec, train: { ...train, data: { ...train.data, folder: "elsewhere" } } };
  for (const one of [arrived, { ...arrived, spec: elsewhere }]) {
    expect(jobOf(one, store)).toMatchObject({ key: sent.key, kind: "evaluate" });
  }
});

it("knows a shared folder whatever its path, and refuses another", () => {
  const path = temporaryFolder();
  const store = new JobStore(path, 60);
  expect(new JobStore(`${path}/../${path.split("/").at(-1)}`, 60).id).toBe(store.id);
  const other = new JobStore(temporaryFolder(), 60);
  expect(() => jobOf(entry(other), store)).toThrow(`${path}: expected the jobs folder of table1, got another one`);
});

it("refuses other code, and a stage that the grid does not have", () => {
  const store = new JobStore(temporaryFolder(), 60);
  expect(() => jobOf(entry(store, { code: "feed".repeat(16) }), store)).toThrow(
    `table1: expected the experiment's code feedfeedfeed in every worker, got ${codeVersion().slice(0, 12)} here`,
  );
  expect(() => jobOf(entry(store, { key: "train-0" }), store)).toThrow(
    "table1: expected a grid with the stage train-0, got one without",
  );
});

it("asks for the folder before anything else", async () => {
  const options = { queue: "redis://127.0.0.1:1", store: `${temporaryFolder()}/not-mounted`, leaseSeconds: 60 };
  await expect(runWorker(options, quietContext())).rejects.toThrow(
    /not-mounted: expected the experiment's jobs folder/,
  );
});
