import { mkdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, it } from "vitest";
import type { TrainConfig } from "../../../../src/experiments/config.ts";
import { JobStore } from "../../../../src/experiments/grid/job-store.ts";
import { runJobs } from "../../../../src/experiments/grid/run-jobs.ts";
import { type StageJob, trainJob } from "../../../../src/experiments/grid/stage-jobs.ts";
import { quietContext } from "../../../../src/experiments/index.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { tinyGrid } from "./tiny-grid.ts";
import "../../../support/one-thread.ts";

/** Two classes of one colour each. */
async function folderOf(colours: readonly string[]): Promise<string> {
  const root = temporaryFolder();
  for (const [i, background] of colours.entries()) {
    for (const part of ["train", "test"]) {
      mkdirSync(join(root, part, `class ${i}`), { recursive: true });
      const image = sharp({ create: { width: 32, height: 32, channels: 3, background } });
      for (const name of ["a", "b"])
        await image
          .clone()
          .png()
          .toFile(join(root, part, `class ${i}`, `${name}.png`));
    }
  }
  return root;
}

function trainingOn(folder: string): StageJob {
  const { train } = tinyGrid();
  const config: TrainConfig = {
    ...train,
    data: { name: "folder", allowUnverified: false, folder, resolution: 32 },
    recipe: { ...train.recipe, epochs: 1, batchSize: 2 },
  };
  return trainJob("train", config);
}

it("does not pass off results of one folder of images as those of another", async () => {
  const [first, second] = [await folderOf(["#204060", "#ff8000"]), await folderOf(["#204060", "#00ff00"])];
  const store = new JobStore(temporaryFolder());
  // The key says what the data are called, and not where they are.
  expect(trainingOn(second).key).toBe(trainingOn(first).key);
  const { failed } = await runJobs([trainingOn(first)], store, quietContext());
  expect(failed).toEqual([]);
  await runJobs([trainingOn(first)], store, quietContext());
  await expect(runJobs([trainingOn(second)], store, quietContext())).rejects.toThrow(
    /train: expected results of the data that are given, of digest .*, got results of .* from .*, of digest/,
  );
});
