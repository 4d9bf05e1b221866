/** Whether finished trainings are of the data that are given now: a key names the data set, and a folder of images may hold others by now. */
import { CoppiceError } from "../../util/errors.ts";
import { canonicalJson } from "../../util/hash.ts";
import { originalConfig } from "../parent.ts";
import { RunFolder } from "../run-folder.ts";
import type { StageContext } from "../stage.ts";
import { inOrder, type Job } from "./job.ts";
import type { JobStore } from "./job-store.ts";
import type { StageJob } from "./stage-jobs.ts";

/**
 * Looks at one finished training of each data set.
 * @throws CoppiceError E_CONFIG when it was made with other data
 */
export async function checkJobsData(jobs: readonly Job[], store: JobStore, context: StageContext): Promise<void> {
  const looked = new Set<string>();
  for (const { key, title, train } of inOrder(jobs).filter(isTraining)) {
    if (!store.isDone(key)) continue;
    const path = store.folderOf(key);
    const { data: made, ...record } = RunFolder.open(path).requireFinished();
    const config = originalConfig({ data: made, ...record }).data;
    const { folder: _, ...what } = config;
    const name = canonicalJson(what);
    if (looked.has(name)) continue;
    looked.add(name);
    const place = train.data.folder === undefined ? {} : { folder: train.data.folder };
    const { dataset } = await context.data.load({ ...what, ...place }, train.device, context.log);
    if (dataset.digest === made.digest) continue;
    throw new CoppiceError(
      "E_CONFIG",
      `${store.path}: ${title}: expected results of the data that are given, of digest ${dataset.digest}, got results of ${made.name} from ${made.source}, of digest ${made.digest}`,
      { hint: "name the same data, or another folder of jobs with --jobs" },
    );
  }
}

function isTraining(job: Job): job is StageJob {
  return "kind" in job && job.kind === "train";
}
