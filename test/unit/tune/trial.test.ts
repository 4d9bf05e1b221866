import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JobStore } from "../../../src/jobs/job-store.ts";
import { runJobs } from "../../../src/jobs/run-jobs.ts";
import { quietContext } from "../../../src/stages/index.ts";
import { type PreparedTune, prepareTune } from "../../../src/tune/prepare.ts";
import { originalJob, scoresOf, trialJob } from "../../../src/tune/trial.ts";
import { tinySearch } from "./tiny-search.ts";

const work = mkdtempSync(join(tmpdir(), "coppice-trial-"));
let tune: PreparedTune;

beforeAll(async () => {
  tune = await prepareTune(await tinySearch(work), quietContext());
});
afterAll(() => rmSync(work, { recursive: true }));

describe("a trial", () => {
  it("is the same job for the same settings, whatever it is called, and another for others", () => {
    const key = trialJob(tune, { epochs: 1, lr: 0.01 }, "a").key;
    expect(trialJob(tune, { epochs: 1, lr: 0.01 }, "b").key).toBe(key);
    expect(trialJob(tune, { epochs: 1, lr: 0.02 }, "a").key).not.toBe(key);
    const reseeded = { ...tune, config: { ...tune.config, seed: 2 } };
    expect(trialJob(reseeded, { epochs: 1, lr: 0.01 }, "a").key).not.toBe(key);
    expect(originalJob(reseeded).key).toBe(originalJob(tune).key); // forgets nothing: no seed
    expect(originalJob(tune).key).not.toBe(key);
  });

  it("leaves its scores, and no weights", async () => {
    const store = new JobStore(join(work, "trials"));
    const [original, trial] = [originalJob(tune), trialJob(tune, { epochs: 1, lr: 0.05 }, "trial 1")];
    expect((await runJobs([original, trial], store, tune.context)).failed).toEqual([]);
    for (const job of [original, trial]) {
      const scores = scoresOf(store, job);
      for (const share of Object.values(scores)) expect(share).toBeGreaterThanOrEqual(0);
      expect(scores.neverSeenOut).toBe(1); // a whole class is forgotten
    }
    const run = join(store.folderOf(trial.key), "run");
    expect(existsSync(join(run, "run.json"))).toBe(true);
    expect(existsSync(join(run, "model.safetensors"))).toBe(false);
  });

  it("leaves no weights where it fails either", async () => {
    const store = new JobStore(join(work, "failing"));
    const { failed } = await runJobs([trialJob(tune, { epochs: 1, lr: 1e30 }, "too much")], store, tune.context);
    expect(failed).toHaveLength(1);
    const left = readdirSync(join(work, "failing"), { recursive: true }).map(String);
    expect(left.filter((file) => file.endsWith(".safetensors"))).toEqual([]);
  });
});
