import { describe, expect, it } from "vitest";
import { trainJob, transferJob } from "../../../../src/jobs/stage-jobs/index.ts";
import type { TransferConfig } from "../../../../src/record/index.ts";
import { RunFolder } from "../../../../src/stages/index.ts";
import { doJobs, expectDistinct, shortTraining } from "../../../support/tiny-jobs.ts";
import { tinyData } from "../../../support/tiny-runs.ts";

const original = trainJob("source", shortTraining);
const target = { ...tinyData, numTrain: 30, classes: [7, 8, 9] } as const;
const config = {
  data: target,
  probe: "full",
  recipe: shortTraining.recipe,
  validationFraction: 0,
  seed: 1,
  device: "cpu",
} as const;
const transfer = (changes: Partial<TransferConfig> = {}, from = original): ReturnType<typeof transferJob> =>
  transferJob("transferred", from, { ...config, ...changes });

describe("a transfer as a job", () => {
  it("is told apart by its source, its target and how it is trained", () => {
    expectDistinct(transfer(), [
      transfer({ probe: "linear" }),
      transfer({ data: { ...target, classes: [6, 7, 8] } }),
      transfer({ data: { ...target, numTrain: 29 } }),
      transfer({ recipe: { ...config.recipe, epochs: 2 } }),
      transfer({ validationFraction: 0.1 }),
      transfer({ seed: 2 }),
      transfer({}, trainJob("source", { ...shortTraining, seed: 2 })),
    ]);
    expect(transfer({ data: { ...target, folder: "/elsewhere" } }).key).toBe(transfer().key);
  });

  it("is of the target's data, and takes an epoch where it only looks at each image once", () => {
    const recipe = { ...config.recipe, epochs: 4 };
    expect(transfer({ recipe })).toMatchObject({ kind: "transfer", data: target, train: shortTraining, work: 120 });
    expect(transfer({ recipe, probe: "linear" }).work).toBe(30);
  });

  it("leaves a run on the target, made from the source's folder", async () => {
    const job = transfer();
    const store = await doJobs([job]);
    expect(RunFolder.open(store.folderOf(job.key)).requireFinished()).toMatchObject({
      kind: "transfer",
      model: { numClasses: 3 },
      data: { classNames: ["cross", "star", "arrow"] },
      parent: { name: original.key },
    });
  });
});
