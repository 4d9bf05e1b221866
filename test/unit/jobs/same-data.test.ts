import { mkdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, it, vi } from "vitest";
import type { DataConfig } from "../../../src/stages/config.ts";
import { DataContext } from "../../../src/stages/data-context.ts";
import { JobStore } from "../../../src/jobs/job-store.ts";
import { runJobs } from "../../../src/jobs/run-jobs.ts";
import { checkJobsData } from "../../../src/jobs/same-data.ts";
import { poisonJob, type StageJob, trainJob, transferJob, trojanedJob } from "../../../src/jobs/stage-jobs/index.ts";
import { quietContext, type StageContext } from "../../../src/stages/index.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { tinyGrid } from "../experiments/grid/tiny-grid.ts";
import "../../support/one-thread.ts";

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

const imagesIn = (folder: string): DataConfig => ({ name: "folder", allowUnverified: false, folder, resolution: 32 });
const { train } = tinyGrid();
const short = { ...train.recipe, epochs: 1, batchSize: 2 };

const trainingOn = (data: DataConfig): StageJob => trainJob("train", { ...train, data, recipe: short });

function trojanedOn(images: DataConfig): StageJob {
  const { split } = train;
  const { resolution: _, ...data } = images;
  const request = { attack: "badnets", options: {}, target: 0, ratio: 0.5, seed: 1, split: { ...split, seed: 1 } };
  return trojanedJob("train", poisonJob("poison", { data, request }, train), { ...train, data, recipe: short });
}

function transferredTo(data: DataConfig): StageJob {
  const config = { data, probe: "full", recipe: short, validationFraction: 0, seed: 1, device: "cpu" } as const;
  return transferJob("transfer", trainingOn({ ...train.data, numTrain: 20 }), config);
}

/** A process's, that must not load anything. */
function blind(): StageContext {
  const data = new DataContext();
  data.load = () => Promise.reject(new Error("loaded"));
  return { ...quietContext(), data };
}

it.each([
  ["a training", trainingOn],
  ["a training on poisoned images", trojanedOn],
  ["a transfer", transferredTo],
])("does not pass off %s on one folder of images as one on another", async (_, jobOn) => {
  const [first, second] = [await folderOf(["#204060", "#ff8000"]), await folderOf(["#204060", "#00ff00"])];
  const [own, other] = [jobOn(imagesIn(first)), jobOn(imagesIn(second))];
  const store = new JobStore(temporaryFolder());
  // The key says what the data are called, and not where they are.
  expect(other.key).toBe(own.key);
  const { failed } = await runJobs([own], store, quietContext());
  expect(failed).toEqual([]);
  await runJobs([own], store, quietContext());
  const { title } = own;
  await expect(runJobs([other], store, quietContext())).rejects.toMatchObject({
    code: "E_CONFIG",
    message: expect.stringMatching(
      `${title}: expected results of the data that are given, ${second} of digest .*, got results of folder from ${first} of digest `,
    ),
    hint: expect.stringContaining("--jobs"),
  });
  // Who only watches compares what is here.
  await expect(checkJobsData([other], store, quietContext(), "here")).rejects.toThrow("expected results");
  await checkJobsData([jobOn(imagesIn("/not/here"))], store, blind(), "here");
});

it("loads data once, and not at all where they are published ones", async () => {
  const store = new JobStore(temporaryFolder());
  const published = trainingOn({ ...train.data, numTrain: 20 });
  const own = trainingOn(imagesIn(await folderOf(["#204060", "#ff8000"])));
  const context = quietContext();
  await runJobs([published, own], store, context);
  await checkJobsData([own], store, context);
  const load = vi.spyOn(context.data, "load");
  await checkJobsData([published, own], store, context);
  expect(load).not.toHaveBeenCalled();
  await checkJobsData([published], store, blind());
  await expect(checkJobsData([own], store, blind())).rejects.toThrow("loaded");
});
