import { describe, expect, it } from "vitest";
import { poisonJob, trainJob, trojanedJob } from "../../../../src/jobs/stage-jobs/index.ts";
import type { TrainConfig } from "../../../../src/record/index.ts";
import { RunFolder } from "../../../../src/stages/index.ts";
import { doJobs, expectDistinct, shortTraining } from "../../../support/tiny-jobs.ts";
import { tinyData, tinyTraining } from "../../../support/tiny-runs.ts";

const request = {
  attack: "badnets",
  options: {},
  target: 1,
  ratio: 0.25,
  seed: 1,
  split: { ...tinyTraining.split, seed: 1 },
} as const;
const poison = poisonJob("poison", { data: tinyData, request }, shortTraining);
const on = (changes: Partial<TrainConfig>): TrainConfig => ({ ...shortTraining, ...changes });

describe("a training as a job", () => {
  const job = trainJob("original", shortTraining);

  it("is told apart by every setting, and not by its title or where the data are", () => {
    expect(job.key).toMatch(/^train-[0-9a-f]{20}$/);
    expect(trainJob("another title", shortTraining).key).toBe(job.key);
    expect(trainJob("original", on({ data: { ...tinyData, folder: "/elsewhere" } })).key).toBe(job.key);
    expectDistinct(job, [
      trainJob("original", on({ seed: 2 })),
      trainJob("original", on({ arch: "resnet32s" })),
      trainJob("original", on({ rewindEpoch: 1 })),
      trainJob("original", on({ recipe: { ...shortTraining.recipe, lr: 0.1 } })),
      trainJob("original", on({ split: { mode: "standard", validationFraction: 0.1 } })),
      trainJob("original", on({ data: { ...tinyData, numTest: 19 } })),
      trainJob("original", on({ data: { ...tinyData, classes: [0, 1, 3, 2] } })),
      trainJob("original", on({ sharding: { shards: 2, slices: 1 } })),
      trojanedJob("original", poison, shortTraining),
    ]);
  });

  it("knows what it is of, how it is trained and about how long that takes", () => {
    expect(job).toMatchObject({
      kind: "train",
      title: "original",
      after: [],
      train: shortTraining,
      data: tinyData,
      work: 40,
    });
    expect(trainJob("original", tinyTraining).work).toBe(80);
    const unknown = { name: "cifar10", allowUnverified: false };
    expect(trainJob("original", on({ data: unknown })).work).toBe(50_000);
  });

  it("leaves a finished run of those settings", async () => {
    const store = await doJobs([job]);
    const record = RunFolder.open(store.folderOf(job.key)).requireFinished();
    expect(record).toMatchObject({ kind: "train", config: shortTraining, data: { notes: [] } });
  });
});

describe("a training on poisoned data as a job", () => {
  it("comes after the poisoning, and is of the data as that made them", async () => {
    const job = trojanedJob("trojaned", poison, shortTraining);
    expect(job.after).toEqual([poison]);
    const store = await doJobs([job]);
    const record = RunFolder.open(store.folderOf(job.key)).requireFinished();
    expect(record.data.notes).toEqual([expect.stringMatching(/^training images poisoned: /)]);
    expect(record.config["data"]).toMatchObject({ poison: { attack: "badnets", target: 1, ratio: 0.25 } });
    // As it was clean, for who compares the data that are given.
    expect(job.data).toEqual(tinyData);
  });

  it("is another one after another poisoning", () => {
    const others = [{ target: 0 }, { ratio: 0.5 }, { seed: 2 }].map((change) =>
      poisonJob("poison", { data: tinyData, request: { ...request, ...change } }, shortTraining),
    );
    expectDistinct(
      trojanedJob("trojaned", poison, shortTraining),
      others.map((other) => trojanedJob("trojaned", other, shortTraining)),
    );
  });
});
