import { describe, expect, it } from "vitest";
import type { Job } from "../../../../src/jobs/job.ts";
import { epochsOf, imagesOf, keyOf, runJob } from "../../../../src/jobs/stage-jobs/stage-job.ts";
import { quietContext } from "../../../../src/stages/index.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { tinyData, tinyTraining } from "../../../support/tiny-runs.ts";

const job = (key: string): Job => ({ key, title: key, after: [], perform: () => Promise.resolve() });

describe("keyOf", () => {
  const key = keyOf("train", tinyTraining, []);

  it("is the same for the same, wherever the data are and in whatever order settings come", () => {
    expect(key).toMatch(/^train-[0-9a-f]{20}$/);
    const elsewhere = { ...tinyTraining, data: { ...tinyData, folder: "/elsewhere" } };
    expect(keyOf("train", elsewhere, [])).toBe(key);
    const reversed = Object.fromEntries(Object.entries(tinyTraining).toReversed());
    expect(keyOf("train", reversed, [])).toBe(key);
  });

  it("changes with what it is, each setting, the data, and what it comes after", () => {
    const others = [
      keyOf("prune", tinyTraining, []),
      keyOf("train", { ...tinyTraining, seed: 2 }, []),
      keyOf("train", { ...tinyTraining, data: { ...tinyData, numTrain: 39 } }, []),
      keyOf("train", tinyTraining, [job("a")]),
      keyOf("train", tinyTraining, [job("b")]),
    ];
    expect(new Set([key, ...others]).size).toBe(others.length + 1);
  });
});

it("counts work in images: of the data set, or about as many as a usual one has", () => {
  expect(imagesOf({ data: tinyData }, 3)).toBe(120);
  expect(imagesOf({ data: { name: "cifar10", allowUnverified: false } }, 2)).toBe(100_000);
  expect([epochsOf({ epochs: 7 }), epochsOf({}), epochsOf({ epochs: "many" })]).toEqual([7, 5, 5]);
});

it("starts a run, with the folders of what it comes after", async () => {
  const before = { ...job("original-1"), kind: "train", train: tinyTraining, work: 0 } as const;
  const started: unknown[] = [];
  const parts = { kind: "prune", title: "pruned", config: {}, after: [before], train: tinyTraining, work: 1 } as const;
  const made = runJob(parts, async (path, folderOf, context) => {
    started.push(path, folderOf(before), context.force);
  });
  const path = temporaryFolder();
  await made.perform(path, ({ key }) => `done/${key}`, quietContext());
  expect(started).toEqual([path, "done/original-1", true]);
});
