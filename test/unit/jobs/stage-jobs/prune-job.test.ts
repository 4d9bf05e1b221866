import { describe, expect, it } from "vitest";
import { pruneJob, trainJob } from "../../../../src/jobs/stage-jobs/index.ts";
import type { PruneConfig } from "../../../../src/record/index.ts";
import { RunFolder } from "../../../../src/stages/index.ts";
import { doJobs, expectDistinct, shortTraining } from "../../../support/tiny-jobs.ts";
import { tinyPruning, tinyTraining } from "../../../support/tiny-runs.ts";

const { model: _, ...config } = tinyPruning("");
const original = trainJob("original", shortTraining);
const prune = (changes: Partial<PruneConfig> = {}, from = original): ReturnType<typeof pruneJob> =>
  pruneJob("pruned", from, { ...config, ...changes });

describe("pruning as a job", () => {
  it("is told apart by every setting and by its original", () => {
    expectDistinct(prune(), [
      prune({ sparsity: 0.6 }),
      prune({ pruner: "snip" }),
      prune({ allocation: "erk" }),
      prune({ rewind: "final" }),
      prune({ epochs: 1 }),
      prune({ keepConnected: true }),
      prune({ engine: "auto" }),
      prune({ seed: 2 }),
      prune({}, trainJob("original", { ...shortTraining, seed: 2 })),
    ]);
    const elsewhere = { data: { allowUnverified: false, folder: "/elsewhere" } };
    expect(prune(elsewhere).key).toBe(prune().key);
    expect(prune().key).toMatch(/^prune-[0-9a-f]{20}$/);
  });

  it("takes as long as the training that is left from the rewind epoch, once a round", () => {
    const longer = trainJob("original", tinyTraining);
    expect(prune({}, longer).work).toBe(40);
    expect(prune({ epochs: 3 }, longer).work).toBe(120);
    expect(prune({ pruner: "imp", sparsity: 0.75, rate: 0.5 }, longer).work).toBe(80);
    expect(prune({ pruner: "imp", sparsity: 0.8, rate: 0.5 }, longer).work).toBe(120);
  });

  it("goes on from the original's folder, and is how that was trained", async () => {
    const job = prune();
    expect(job).toMatchObject({ kind: "prune", after: [original], train: shortTraining });
    expect(job).not.toHaveProperty("data");
    const store = await doJobs([job]);
    const record = RunFolder.open(store.folderOf(job.key)).requireFinished();
    expect(record).toMatchObject({
      kind: "prune",
      mask: { sparsity: expect.closeTo(0.5, 3) },
      config: { model: `../../done/${original.key}` },
      parent: { name: original.key },
    });
  });
});
