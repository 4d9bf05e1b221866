import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  cleanseJob,
  detectedFile,
  forgetJob,
  poisonJob,
  suspectsJob,
  trainJob,
  trojanedJob,
} from "../../../../src/jobs/stage-jobs/index.ts";
import type { CleanseRecord, ForgetConfig } from "../../../../src/record/index.ts";
import { RunFolder } from "../../../../src/stages/index.ts";
import { poisonedOf } from "../../../support/tiny-trojan.ts";
import { doJobs, expectDistinct, shortTraining } from "../../../support/tiny-jobs.ts";
import { tinyData, tinyForgetting, tinyTraining } from "../../../support/tiny-runs.ts";

const { model: _, ...config } = tinyForgetting("");
const original = trainJob("original", shortTraining);
const forget = (changes: Partial<ForgetConfig> = {}, from = original): ReturnType<typeof forgetJob> =>
  forgetJob("forgotten", from, { ...config, ...changes });

describe("forgetting as a job", () => {
  it("is told apart by the request, the method, its options and the original", () => {
    expectDistinct(forget(), [
      forget({ request: { kind: "class", classes: [2] } }),
      forget({ request: { kind: "random", count: 3 } }),
      forget({ request: { kind: "random", count: 3 }, forgetSeed: 2 }),
      forget({ method: "gradient-ascent" }),
      forget({ options: { epochs: 2 } }),
      forget({ withhold: 0.2 }),
      forget({ batchSize: 8 }),
      forget({ seed: 2 }),
      forget({}, trainJob("original", { ...shortTraining, seed: 2 })),
    ]);
    expect(forget({ data: { allowUnverified: false, folder: "/elsewhere" } }).key).toBe(forget().key);
  });

  it("takes as many passes as the method has epochs, and of Retrain as the original had", () => {
    expect(forget({ options: { epochs: 3 } }).work).toBe(120);
    expect(forget({ options: {} }).work).toBe(200);
    expect(forget({ method: "retrain", options: {} }, trainJob("original", tinyTraining)).work).toBe(80);
  });

  it("leaves a run that has forgotten, from the original's folder", async () => {
    const job = forget();
    const store = await doJobs([job]);
    const folder = RunFolder.open(store.folderOf(job.key));
    expect(folder.requireFinished()).toMatchObject({
      kind: "forget",
      method: { name: "finetune" },
      parent: { name: original.key },
    });
    expect(folder.readSplit().scenario).toEqual({ kind: "class", classes: [3] });
  });
});

describe("a cleanse as a job", () => {
  const split = { ...tinyTraining.split, seed: 1 };
  const request = { attack: "badnets", options: {}, target: 1, ratio: 0.25, seed: 1, split } as const;
  const poison = poisonJob("poison", { data: tinyData, request }, shortTraining);
  const from = trojanedJob("trojaned", poison, shortTraining);
  const { request: _request, ...cleansing } = config;
  const worse = suspectsJob("half", poison, { known: 0.5, mixed: 0, seed: 1 });

  it("is told apart by its suspects, and by its settings", () => {
    const cleanse = (suspects: typeof poison | null, changes: object = {}): ReturnType<typeof cleanseJob> =>
      cleanseJob("cleanse", { from, suspects }, { ...cleansing, ...changes });
    expectDistinct(cleanse(poison), [cleanse(worse), cleanse(null), cleanse(poison, { options: { epochs: 2 } })]);
    expect(cleanse(poison).after).toEqual([from, poison]);
    expect(cleanse(null).after).toEqual([from]);
  });

  it("forgets the records of the list before it, and measures the backdoor", async () => {
    const jobs = [poison, worse].map((suspects) => cleanseJob("cleanse", { from, suspects }, cleansing));
    const without = cleanseJob("cleanse", { from, suspects: null }, { ...cleansing, method: "clp", options: {} });
    const store = await doJobs([...jobs, without]);
    const recordOf = (key: string): CleanseRecord =>
      JSON.parse(readFileSync(join(store.folderOf(key), "cleanse.json"), "utf8")) as CleanseRecord;
    const [all, half] = jobs.map(({ key }) => recordOf(key));
    expect(all?.suspects).toMatchObject({ source: "poisoned.csv", count: 8, truth: { found: 8 } });
    expect(half?.suspects).toMatchObject({ count: 4, truth: { found: 4, recall: { value: 0.5 } } });
    const { forget: gone } = RunFolder.open(store.folderOf(jobs[0]?.key ?? "")).readSplit().indices;
    expect(gone).toEqual(await poisonedOf(store.folderOf(from.key)));
    expect(recordOf(without.key)).not.toHaveProperty("suspects");
    expect(existsSync(join(store.folderOf(worse.key), detectedFile))).toBe(false);
  });
});
